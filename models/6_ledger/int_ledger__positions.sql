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

sides as (
    select 1 as direction
    union all
    select -1 as direction
)

select
    changes.contract_key,
    changes.line_key,
    'reclassification' as entry_type,
    'contract' as source_type,
    cast(null as {{ dbt.type_string() }}) as source_id,
    periods.ends_on as entry_on,
    'presentation' as cause,
    case when sides.direction = 1 then changes.role else 'deferred_revenue' end as role,
    cast(sum(changes.amount_minor * sides.direction) as {{ dbt.type_bigint() }}) as amount_minor
from changes
inner join periods
    on changes.period_no = periods.period_no
cross join sides
group by changes.contract_key, changes.line_key, periods.ends_on, case when sides.direction = 1 then changes.role else 'deferred_revenue' end
having sum(changes.amount_minor) <> 0
