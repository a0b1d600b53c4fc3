-- One row per line of an obligation: the part of what the obligation earns that is the line's. The obligation is scheduled, not each line.
with allocations as (
    select * from {{ ref('allocations') }}
),

running as (
    select
        contract_key,
        obligation_key,
        line_key,
        count(*) over (partition by obligation_key) as line_count,
        cast(sum(allocated_minor) over (partition by obligation_key) as {{ dbt.type_bigint() }}) as whole_minor,
        cast(sum(allocated_minor) over (
            partition by obligation_key order by line_no rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as upto_minor,
        allocated_minor
    from allocations
)

select
    contract_key,
    obligation_key,
    line_key,
    line_count,
    case when line_count = 1 then 1 else whole_minor end as whole_minor,
    case when line_count = 1 then 1 else upto_minor end as upto_minor,
    case when line_count = 1 then 0 else upto_minor - allocated_minor end as before_minor
from running
