{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per slice of a recognition schedule, with the numbers that give its cumulative amount on any day in closed form.
with schedules as (
    select * from {{ ref('int_recognition__schedules') }}
),

{{ schedule_numbers('schedules') }}

select
    contract_key,
    schedule_key,
    cause,
    {{ segment_columns() }}
from weighed
