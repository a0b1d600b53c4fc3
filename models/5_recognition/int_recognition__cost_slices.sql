-- One row per slice of the amortisation of a cost that the fold returned.
with folded as (
    select * from {{ ref('folded_costs') }}
),

slices as (
    select
        folded.cost_key,
        folded.contract_key,
        {{ json_field(0, 'bigint') }} as slice_from_day,
        {{ json_field(1, 'bigint') }} as slice_to_day,
        {{ json_field(2, 'bigint') }} as schedule_from_day,
        {{ json_field(3, 'bigint') }} as schedule_to_day,
        {{ json_field(4, 'bigint') }} as schedule_minor,
        {{ json_field(5, 'string') }} as convention,
        {{ json_field(6, 'string') }} as days_rule,
        {{ json_field(7, 'bigint') }} as not_before_day
    from {{ json_rows_join('folded', 'folded.folded', 'slices') }}
)

select
    cost_key,
    contract_key,
    {{ day_from_number('slice_from_day') }} as slice_from_on,
    {{ day_from_number('slice_to_day') }} as slice_to_on,
    {{ day_from_number('schedule_from_day') }} as schedule_from_on,
    {{ day_from_number('schedule_to_day') }} as schedule_to_on,
    schedule_minor,
    convention,
    days_rule,
    {{ day_from_number('not_before_day') }} as not_before_on
from slices
