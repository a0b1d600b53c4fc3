-- One row per slice of a schedule that the fold returned: what is earned between two events follows the schedule in force.
with folded as (
    select contract_key, folded from {{ ref('folded_invoices') }}
    union all
    select contract_key, folded from {{ ref('folded_bills') }}
),

slices as (
    select
        folded.contract_key,
        {{ json_field(0, 'bigint') }} as schedule_key,
        {{ json_field(1, 'bigint') }} as slice_from_day,
        {{ json_field(2, 'bigint') }} as slice_to_day,
        {{ json_field(3, 'bigint') }} as schedule_from_day,
        {{ json_field(4, 'bigint') }} as schedule_to_day,
        {{ json_field(5, 'bigint') }} as schedule_minor,
        {{ json_field(6, 'string') }} as convention,
        {{ json_field(7, 'string') }} as days_rule,
        {{ json_field(8, 'bigint') }} as not_before_day
    from {{ json_rows_join('folded', 'folded.folded', 'segments') }}
)

select
    contract_key,
    schedule_key,
    {{ day_from_number('slice_from_day') }} as slice_from_on,
    {{ day_from_number('slice_to_day') }} as slice_to_on,
    {{ day_from_number('schedule_from_day') }} as schedule_from_on,
    {{ day_from_number('schedule_to_day') }} as schedule_to_on,
    schedule_minor,
    convention,
    days_rule,
    {{ day_from_number('not_before_day') }} as not_before_on,
    'schedule' as cause
from slices
where schedule_minor <> 0
