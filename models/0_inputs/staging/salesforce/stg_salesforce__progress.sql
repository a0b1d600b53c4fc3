-- One row per milestone that was reached: how many of its contract line's were reached by then.
with milestones as (
    select * from {{ ref('base_salesforce__milestones') }}
)

select
    'salesforce:' || contract as contract_id,
    line as line_id,
    measured_on,
    to_date,
    cast(null as decimal(28, 9)) as expected,
    cast(null as {{ dbt.type_bigint() }}) as at_cost_minor,
    'salesforce' as source_system,
    _recorded_at as recorded_at
from milestones
