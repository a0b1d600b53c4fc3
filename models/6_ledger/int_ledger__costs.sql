{{ config(materialized='view') }}
-- One row per posting of a cost to obtain or fulfil a contract: capitalised or expensed, amortised, impaired, paid back (340-40).
with costs as (
    select * from {{ ref('contract_costs') }}
),

periods as (
    select
        period_no,
        ends_on
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

-- A commission is owed when it is incurred. The work of fulfilling is a cost of sales already, wherever it was paid.
incurred as (
    select cost_key, 'cost' as entry_type, incurred_on as entry_on, 'commissions_payable' as role, -amount_minor as amount_minor
    from costs
    where kind = 'obtain'
    union all
    select cost_key, 'cost' as entry_type, incurred_on as entry_on, 'commission_expense' as role, amount_minor
    from costs
    where kind = 'obtain'
),

capitalized as (
    select cost_key, 'cost' as entry_type, capitalized_on as entry_on, 'contract_cost_asset' as role, amount_minor
    from costs
    where treatment = 'capitalized'
    union all
    select
        cost_key,
        'cost' as entry_type,
        capitalized_on as entry_on,
        case when kind = 'obtain' then 'commission_expense' else 'cost_of_sales' end as role,
        -amount_minor as amount_minor
    from costs
    where treatment = 'capitalized'
),

sides as (
    select 'cost_amortization' as role, 1 as direction
    union all
    select 'contract_cost_asset' as role, -1 as direction
),

amortized as (
    select
        amortization.cost_key,
        'cost_amortization' as entry_type,
        periods.ends_on as entry_on,
        sides.role,
        amortization.amount_minor * sides.direction as amount_minor
    from {{ ref('cost_amortization') }} as amortization
    inner join periods
        on amortization.period_no = periods.period_no
    cross join sides
),

-- A cost that is no asset comes back as less of its expense.
paid_back as (
    select cost_key, 'cost_clawback' as entry_type, occurred_on as entry_on, 'counterpart' as role, amount_minor
    from {{ ref('contract_cost_events') }}
    where kind = 'clawback' and treatment <> 'capitalized'
    union all
    select cost_key, 'cost_clawback' as entry_type, occurred_on as entry_on, 'expense' as role, -amount_minor as amount_minor
    from {{ ref('contract_cost_events') }}
    where kind = 'clawback' and treatment <> 'capitalized'
),

combined as (
    select * from incurred
    union all
    select * from capitalized
    union all
    select * from amortized
    union all
    select * from {{ ref('int_ledger__cost_movements') }}
    union all
    select * from paid_back
),

roles as (
    select
        costs.contract_key,
        costs.cost_id,
        combined.entry_type,
        combined.entry_on,
        case
            when combined.role = 'counterpart' then case when costs.kind = 'obtain' then 'commissions_payable' else 'cost_of_sales' end
            when combined.role = 'expense' then case when costs.kind = 'obtain' then 'commission_expense' else 'cost_of_sales' end
            else combined.role
        end as role,
        combined.amount_minor
    from combined
    inner join costs
        on combined.cost_key = costs.cost_key
)

select
    contract_key,
    cast(null as {{ dbt.type_bigint() }}) as line_key,
    entry_type,
    'contract_cost' as source_type,
    cost_id as source_id,
    entry_on,
    entry_type as cause,
    role,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from roles
group by contract_key, cost_id, entry_type, entry_on, role
having sum(amount_minor) <> 0
