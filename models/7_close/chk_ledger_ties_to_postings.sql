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

standing as (
    select * from {{ ref('trial_balance') }}
    where status = 'posted'
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
        locked.entity_id = standing.entity_id
        and locked.book = standing.book
        and locked.period = standing.period
        and locked.role = standing.role
        and coalesce(locked.account_code, '') = coalesce(standing.account_code, '')
        and locked.currency = standing.currency
where
    coalesce(standing.closing, 0) <> locked.closing
    or coalesce(standing.net_change, 0) <> locked.net_change
    or coalesce(standing.functional_closing, 0) <> locked.functional_closing
