{{ config(materialized='view') }}
-- One row per contract, entry, line and role: the target of every posting up to the last period, debits positive.
with openings as (
    select * from {{ ref('opening_contracts') }}
),

sides as (
    select 'deferred_revenue' as role, 1 as direction
    union all
    select 'revenue' as role, -1 as direction
)

-- Each line and period takes what it earned from contract liability to revenue (606-10-25-23).
select
    revenue.contract_key,
    revenue.line_key,
    'revenue' as entry_type,
    'contract' as source_type,
    cast(null as {{ dbt.type_string() }}) as source_id,
    {{ period_ends_on('revenue.period_no') }} as entry_on,
    revenue.period_no,
    revenue.cause,
    sides.role,
    revenue.contract_key as entry_contract_key,
    revenue.amount_minor * sides.direction as amount_minor
from {{ ref('revenue_by_period') }} as revenue
left join openings
    on
        revenue.contract_key = openings.contract_key
        and revenue.period_no < openings.period_no
cross join sides
where openings.contract_key is null
union all
select * from {{ ref('int_ledger__other_postings') }}
