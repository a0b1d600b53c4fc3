{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per schedule and line: the part of what the schedule earns that is the line's. The obligation is scheduled, not each line.
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
    obligation_key as schedule_key,
    line_key,
    line_count,
    case when line_count = 1 then 1 else whole_minor end as whole_minor,
    case when line_count = 1 then 1 else upto_minor end as upto_minor,
    case when line_count = 1 then 0 else upto_minor - allocated_minor end as before_minor
from running
union all
select
    contract_key,
    schedule_key,
    line_key,
    line_count,
    whole_minor,
    upto_minor,
    before_minor
from {{ ref('int_recognition__history_shares') }}
union all
-- What prices itself has no share of the price: the schedule of its uses is the line's alone.
select
    contract_key,
    obligation_key as schedule_key,
    line_key,
    1 as line_count,
    1 as whole_minor,
    1 as upto_minor,
    0 as before_minor
from {{ ref('standalone_prices') }}
where is_folded and is_variable and is_latest
union all
select
    contract_key,
    schedule_key,
    line_key,
    1 as line_count,
    1 as whole_minor,
    1 as upto_minor,
    0 as before_minor
from {{ ref('int_recognition__invoiced_service') }}
