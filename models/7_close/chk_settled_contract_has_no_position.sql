-- One row per contract whose fixed price is all billed and all recognised and that still shows a position (invariant 45).
with contracts as (
    select * from {{ ref('known_contracts') }}
    where not is_invoice_only and not is_folded and contract_key = position_key
),

-- What is priced by its use has no end to be settled at.
variable as (
    select distinct contract_key
    from {{ ref('known_contract_terms') }}
    where recognition_method in ('usage', 'as_invoiced', 'on_invoice')
),

grouped as (
    select position_key as contract_key
    from {{ ref('known_contracts') }}
    group by position_key
    having count(*) > 1
),

prices as (
    select
        contract_key,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as fixed_minor
    from {{ ref('known_contract_terms') }}
    group by contract_key
),

bills as (
    select
        contract_key,
        -amount_minor as billed_minor
    from {{ ref('ledger_postings') }}
    where role = 'deferred_revenue' and entry_type not in ('revenue', 'reclassification', 'netting', 'opening_balance')
    union all
    select
        contract_key,
        billed_minor
    from {{ ref('opening_lines') }}
),

billed as (
    select
        contract_key,
        sum(billed_minor) as billed_minor
    from bills
    group by contract_key
),

earned as (
    select
        contract_key,
        sum(amount_minor) as earned_minor
    from {{ ref('revenue_by_period') }}
    group by contract_key
),

last_positions as (
    select * from {{ ref('contract_positions') }}
    where next_period_no is null
),

shown as (
    select
        contracts.*,
        periods.period,
        periods.ends_on,
        concat(
            cast({{ to_major('last_positions.liability_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ', ',
            cast({{ to_major('last_positions.asset_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ', ',
            cast({{ to_major('last_positions.unbilled_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }})
        ) as balances
    from contracts
    inner join prices
        on contracts.contract_key = prices.contract_key
    inner join billed
        on contracts.contract_key = billed.contract_key
    inner join earned
        on contracts.contract_key = earned.contract_key
    inner join last_positions
        on contracts.contract_key = last_positions.contract_key
    left join variable
        on contracts.contract_key = variable.contract_key
    left join grouped
        on contracts.contract_key = grouped.contract_key
    inner join {{ ref('fiscal_periods') }} as periods
        on
            last_positions.period_no = periods.period_no
            and periods.calendar = 'monthly'
    where
        variable.contract_key is null
        and grouped.contract_key is null
        and billed.billed_minor = prices.fixed_minor
        and earned.earned_minor = prices.fixed_minor
        and (last_positions.liability_minor <> 0 or last_positions.asset_minor <> 0 or last_positions.unbilled_minor <> 0)
)

select
    entity_id,
    book,
    'settled_contract_has_no_position' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    'no contract liability, contract asset or unbilled receivable' as expected,
    balances as actual,
    concat('Contract ', contract_id, ' is all billed and all recognised, and shows ', balances, ' at the end of ', period, '.') as explanation,
    recorded_at as first_seen_at
from shown
