-- One row per contract cost whose asset is negative, or still there after the last day of its amortisation (invariant 58).
with costs as (
    select * from {{ ref('contract_costs') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

-- Amortised, or ended by an event.
days as (
    select
        cost_key,
        recognized_to_on as ends_on
    from {{ ref('cost_segments') }}
    union all
    select
        cost_key,
        occurred_on as ends_on
    from {{ ref('contract_cost_events') }}
),

last_days as (
    select
        cost_key,
        max(ends_on) as amortized_to_on
    from days
    group by cost_key
),

changes as (
    select
        contract_key,
        source_id as cost_id,
        period_no,
        sum(amount_minor) as change_minor
    from {{ ref('ledger_postings') }}
    where source_type = 'contract_cost' and role = 'contract_cost_asset'
    group by contract_key, source_id, period_no
),

balances as (
    select
        changes.*,
        sum(change_minor) over (
            partition by contract_key, cost_id order by period_no rows between unbounded preceding and current row
        ) as closing_minor,
        lead(period_no) over (partition by contract_key, cost_id order by period_no) as next_period_no
    from changes
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

wrong as (
    select
        contracts.entity_id,
        contracts.book,
        contracts.contract_id,
        contracts.currency,
        costs.cost_id,
        costs.recorded_at,
        periods.period,
        periods.ends_on,
        coalesce(last_days.amortized_to_on, costs.amortise_to_on) as amortized_to_on,
        cast({{ to_major('balances.closing_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount,
        row_number() over (partition by balances.contract_key, balances.cost_id order by balances.period_no) as occurrence
    from balances
    inner join contracts
        on balances.contract_key = contracts.contract_key
    inner join costs
        on
            balances.contract_key = costs.contract_key
            and balances.cost_id = costs.cost_id
    left join last_days
        on costs.cost_key = last_days.cost_key
    inner join periods
        on balances.period_no = periods.period_no
    where
        balances.closing_minor * case when costs.amount_minor < 0 then -1 else 1 end < 0
        or (
            balances.closing_minor <> 0
            and {{ period_number('coalesce(last_days.amortized_to_on, costs.amortise_to_on)') }}
            <= coalesce(balances.next_period_no - 1, {{ through_period_no() }})
        )
)

select
    entity_id,
    book,
    'cost_asset_is_amortized_in_time' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    cost_id as source_id,
    concat('nothing after ', cast(amortized_to_on as {{ dbt.type_string() }})) as expected,
    amount as actual,
    concat('The asset of cost ', cost_id, ' of contract ', contract_id, ' is ', amount, ' ', currency, ' at the end of ', period, '.') as explanation,
    recorded_at as first_seen_at
from wrong
where occurrence = 1
