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
