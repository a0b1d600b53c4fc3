{{ config(materialized='view') }}
-- One row per posting that presents what is earned but not billed: unbilled receivable or contract asset against contract liability.
with changes as (
    select
        contract_key,
        line_key,
        period_no,
        'unbilled_receivable' as role,
        amount_minor
    from {{ ref('int_ledger__unbilled') }}
    union all
    select
        contract_key,
        line_key,
        period_no,
        role,
        amount_minor
    from {{ ref('int_ledger__net_positions') }}
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
    select 1 as direction
    union all
    select -1 as direction
),

-- The presentation of an opening balance is part of it.
dated as (
    select
        changes.*,
        openings.contract_id as opened_id
    from changes
    left join openings
        on
            changes.contract_key = openings.contract_key
            and changes.period_no < openings.period_no
)

select
    dated.contract_key,
    dated.line_key,
    case when dated.opened_id is null then 'reclassification' else 'opening_balance' end as entry_type,
    case when dated.opened_id is null then 'contract' else 'opening_balance' end as source_type,
    dated.opened_id as source_id,
    periods.ends_on as entry_on,
    case when dated.opened_id is null then 'presentation' else 'opening_balance' end as cause,
    case when sides.direction = 1 then dated.role else 'deferred_revenue' end as role,
    cast(sum(dated.amount_minor * sides.direction) as {{ dbt.type_bigint() }}) as amount_minor
from dated
inner join periods
    on dated.period_no = periods.period_no
cross join sides
group by
    dated.contract_key, dated.line_key, dated.opened_id, periods.ends_on,
    case when sides.direction = 1 then dated.role else 'deferred_revenue' end
having sum(dated.amount_minor) <> 0
