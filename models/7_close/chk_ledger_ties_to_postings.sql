-- One row per account of a locked period whose balance is not the one that was locked (invariant 11).
with events as (
    select * from {{ source('ops', 'period_events') }}
    where known_as_of <= '{{ var("as_of") }}'
),

reopened as (
    select
        entity_id,
        book,
        seq,
        period_no
    from events
    where kind = 'reopen'
),

-- A lock holds until its period is reopened.
locked as (
    select
        balances.*,
        periods.period_no,
        periods.ends_on
    from {{ source('ops', 'locked_trial_balances') }} as balances
    inner join events
        on balances.lock_seq = events.seq
    inner join {{ ref('fiscal_periods') }} as periods
        on
            balances.period = periods.period
            and periods.calendar = 'monthly'
    left join reopened
        on
            balances.entity_id = reopened.entity_id
            and balances.book = reopened.book
            and balances.lock_seq < reopened.seq
            and periods.period_no >= reopened.period_no
    where reopened.seq is null and periods.period_no <= {{ through_period_no() }}
),

movements as (
    select
        entity_id,
        book,
        role,
        account_code,
        currency,
        posting_period_no,
        max(minor_units) as minor_units,
        max(functional_minor_units) as functional_minor_units,
        sum(amount_minor) as amount_minor,
        sum(functional_minor) as functional_minor
    from {{ ref('posted_postings') }}
    group by entity_id, book, role, account_code, currency, posting_period_no
),

standing as (
    select
        locked.lock_seq,
        locked.period,
        locked.role,
        locked.account_code,
        locked.currency,
        max(case when roles.natural_side = 'debit' then 1 else -1 end)
        * {{ to_major('cast(sum(movements.amount_minor) as ' ~ dbt.type_bigint() ~ ')', 'max(movements.minor_units)') }} as closing,
        max(case when roles.natural_side = 'debit' then 1 else -1 end)
        * {{ to_major('cast(sum(movements.functional_minor) as ' ~ dbt.type_bigint() ~ ')', 'max(movements.functional_minor_units)') }}
            as functional_closing
    from locked
    inner join movements
        on
            locked.entity_id = movements.entity_id
            and locked.book = movements.book
            and locked.role = movements.role
            and coalesce(locked.account_code, '') = coalesce(movements.account_code, '')
            and locked.currency = movements.currency
            and locked.period_no >= movements.posting_period_no
    inner join {{ ref('account_roles') }} as roles
        on locked.role = roles.role
    group by locked.lock_seq, locked.period, locked.role, locked.account_code, locked.currency
)

select
    locked.entity_id,
    locked.book,
    'ledger_ties_to_postings' as rule,
    'block' as severity,
    locked.ends_on as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(locked.period, ':', locked.role, ':', coalesce(locked.account_code, ''), ':', locked.currency) as source_id,
    cast(locked.closing as {{ dbt.type_string() }}) as expected,
    coalesce(cast(standing.closing as {{ dbt.type_string() }}), 'no balance') as actual,
    concat(
        'Account ', coalesce(locked.account_code, locked.role), ' was locked in ', locked.period, ' at ', cast(locked.closing as {{ dbt.type_string() }}),
        ' ', locked.currency, ' and now stands at ', coalesce(cast(standing.closing as {{ dbt.type_string() }}), 'nothing'), '.'
    ) as explanation,
    cast(locked.ends_on as {{ dbt.type_timestamp() }}) as first_seen_at
from locked
left join standing
    on
        locked.lock_seq = standing.lock_seq
        and locked.period = standing.period
        and locked.role = standing.role
        and coalesce(locked.account_code, '') = coalesce(standing.account_code, '')
        and locked.currency = standing.currency
where
    coalesce(standing.closing, 0) <> locked.closing
    or coalesce(standing.functional_closing, 0) <> locked.functional_closing
