{{ config(materialized='view') }}
-- One row per contract, entry, line and role: the target of every posting up to the last period, debits positive.
with openings as (
    select * from {{ ref('opening_contracts') }}
),

sides as (
    select 'deferred_revenue' as role, 1 as direction
    union all
    select 'revenue' as role, -1 as direction
),

-- An entry of revenue is of the last day of its period.
earned as (
    select
        revenue.*,
        periods.ends_on
    from {{ ref('revenue_by_period') }} as revenue
    inner join {{ ref('fiscal_periods') }} as periods
        on
            revenue.period_no = periods.period_no
            and periods.calendar = 'monthly'
)

-- Each line and period takes what it earned from contract liability to revenue (606-10-25-23).
select
    earned.contract_key,
    earned.line_key,
    'revenue' as entry_type,
    'contract' as source_type,
    cast(null as {{ dbt.type_string() }}) as source_id,
    earned.ends_on as entry_on,
    earned.period_no,
    earned.cause,
    sides.role,
    earned.contract_key as entry_contract_key,
    earned.amount_minor * sides.direction as amount_minor
from earned
left join openings
    on
        earned.contract_key = openings.contract_key
        and earned.period_no < openings.period_no
cross join sides
where openings.contract_key is null
union all
select * from {{ ref('int_ledger__other_postings') }}
