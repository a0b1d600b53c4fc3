-- One row per contract and balance with no foreign amount left that is still worth something in the books (invariant 56).
with balances as (
    select * from {{ ref('currency_balances') }}
),

standing as (
    select distinct contract_key
    from {{ ref('currency_layers') }}
),

-- Asset and liability of one contract may cancel out in its currency and not in the books, as long as either stands.
positions as (
    select
        balances.contract_key,
        balances.role,
        balances.period_no,
        balances.amount_minor,
        balances.functional_minor
    from balances
    where balances.role not in ('deferred_revenue', 'contract_asset', 'unbilled_receivable')
    union all
    select
        balances.contract_key,
        'deferred_revenue' as role,
        max(balances.period_no) as period_no,
        sum(balances.amount_minor) as amount_minor,
        sum(balances.functional_minor) as functional_minor
    from balances
    left join standing
        on balances.contract_key = standing.contract_key
    where
        balances.role in ('deferred_revenue', 'contract_asset', 'unbilled_receivable')
        and balances.is_last = 1
        and standing.contract_key is null
    group by balances.contract_key
),

wrong as (
    select
        positions.contract_key,
        positions.role,
        cast(positions.functional_minor as {{ dbt.type_bigint() }}) as functional_minor,
        cast(0 as {{ dbt.type_bigint() }}) as expected_minor,
        periods.ends_on
    from positions
    inner join {{ ref('fiscal_periods') }} as periods
        on
            positions.period_no = periods.period_no
            and periods.calendar = 'monthly'
    where positions.amount_minor = 0 and positions.functional_minor <> 0
)

select
    parties.entity_id,
    parties.book,
    'nothing_is_worth_nothing' as rule,
    'block' as severity,
    wrong.ends_on as flagged_on,
    parties.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(
        coalesce(parties.contract_id, parties.customer_id), ':', wrong.role, ':', cast(wrong.ends_on as {{ dbt.type_string() }})
    ) as source_id,
    cast({{ to_major('wrong.expected_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}) as expected,
    cast({{ to_major('wrong.functional_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'The ', replace(wrong.role, '_', ' '), ' of ', coalesce(parties.contract_id, parties.customer_id), ' is carried at ',
        cast({{ to_major('wrong.functional_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}), ' ',
        parties.functional_currency, ' though nothing is left of it; it should be ',
        cast({{ to_major('wrong.expected_minor', 'parties.functional_minor_units') }} as {{ dbt.type_string() }}), '.'
    ) as explanation,
    cast(wrong.ends_on as {{ dbt.type_timestamp() }}) as first_seen_at
from wrong
inner join {{ ref('posting_parties') }} as parties
    on wrong.contract_key = parties.contract_key
