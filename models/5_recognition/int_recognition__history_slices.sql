-- One row per slice of a schedule of a contract with a history, and per day on which a change or a delivery is recognised.
with folded as (
    select * from {{ ref('folded_contracts') }}
),

slices as (
    select
        {{ json_field(0, 'bigint') }} as schedule_key,
        {{ json_field(1, 'bigint') }} as slice_from_day,
        {{ json_field(2, 'bigint') }} as slice_to_day,
        {{ json_field(3, 'bigint') }} as schedule_from_day,
        {{ json_field(4, 'bigint') }} as schedule_to_day,
        {{ json_field(5, 'bigint') }} as schedule_minor,
        {{ json_field(6, 'string') }} as convention,
        {{ json_field(7, 'string') }} as days_rule,
        {{ json_field(8, 'bigint') }} as not_before_day,
        {{ json_field(9, 'string') }} as cause
    from {{ json_rows_join('folded', 'folded.folded', 'slices') }}
),

days as (
    select
        {{ json_field(0, 'bigint') }} as schedule_key,
        {{ json_field(1, 'bigint') }} as on_day,
        {{ json_field(2, 'bigint') }} as schedule_minor,
        {{ json_field(3, 'string') }} as cause
    from {{ json_rows_join('folded', 'folded.folded', 'days') }}
),

combined as (
    select * from slices
    union all
    select
        schedule_key,
        on_day as slice_from_day,
        on_day as slice_to_day,
        on_day as schedule_from_day,
        on_day as schedule_to_day,
        schedule_minor,
        'daily' as convention,
        'even' as days_rule,
        cast(null as {{ dbt.type_bigint() }}) as not_before_day,
        cause
    from days
),

owners as (
    select
        schedule_key,
        min(contract_key) as contract_key
    from {{ ref('int_recognition__history_shares') }}
    group by schedule_key
)

select
    owners.contract_key,
    combined.schedule_key,
    {{ day_from_number('slice_from_day') }} as slice_from_on,
    {{ day_from_number('slice_to_day') }} as slice_to_on,
    {{ day_from_number('schedule_from_day') }} as schedule_from_on,
    {{ day_from_number('schedule_to_day') }} as schedule_to_on,
    schedule_minor,
    convention,
    days_rule,
    {{ day_from_number('not_before_day') }} as not_before_on,
    cause
from combined
inner join owners
    on combined.schedule_key = owners.schedule_key
