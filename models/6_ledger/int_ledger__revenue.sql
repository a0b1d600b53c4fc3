{{ config(materialized='view') }}
-- One row per posting of revenue: each line and period takes what it earned from contract liability to revenue (606-10-25-23).
with revenue as (
    select * from {{ ref('revenue_by_period') }}
),

periods as (
    select
        period_no,
        ends_on
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

sides as (
    select 'deferred_revenue' as role, 1 as direction
    union all
    select 'revenue' as role, -1 as direction
)

select
    revenue.contract_key,
    revenue.line_key,
    'revenue' as entry_type,
    'contract' as source_type,
    cast(null as {{ dbt.type_string() }}) as source_id,
    periods.ends_on as entry_on,
    revenue.cause,
    sides.role,
    revenue.amount_minor * sides.direction as amount_minor
from revenue
inner join periods
    on revenue.period_no = periods.period_no
cross join sides
