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

openings as (
    select * from {{ ref('opening_contracts') }}
),

sides as (
    select 'deferred_revenue' as role, 1 as direction
    union all
    select 'revenue' as role, -1 as direction
),

-- What was recognised before the first period of its own is part of the opening balance.
dated as (
    select
        revenue.*,
        openings.contract_id as opened_id
    from revenue
    left join openings
        on
            revenue.contract_key = openings.contract_key
            and revenue.period_no < openings.period_no
)

select
    dated.contract_key,
    dated.line_key,
    case when dated.opened_id is not null then 'opening_balance' else 'revenue' end as entry_type,
    case when dated.opened_id is not null then 'opening_balance' else 'contract' end as source_type,
    dated.opened_id as source_id,
    periods.ends_on as entry_on,
    dated.cause,
    sides.role,
    dated.amount_minor * sides.direction as amount_minor
from dated
inner join periods
    on dated.period_no = periods.period_no
cross join sides
