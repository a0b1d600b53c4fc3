{{ config(materialized='view') }}
-- One row per slice of a schedule of invoiced service, and per credit note or void that takes back what of it was earned (606-10-32-43, 32-44).
with services as (
    select * from {{ ref('int_recognition__invoiced_service') }}
),

folded as (
    select * from {{ ref('folded_bills') }}
),

events as (
    select * from {{ ref('int_recognition__bill_events') }}
),

slices as (
    select
        folded.contract_key,
        folded.schedule_key,
        {{ json_field(1, 'bigint') }} as slice_from_day,
        {{ json_field(2, 'bigint') }} as slice_to_day,
        {{ json_field(3, 'bigint') }} as schedule_from_day,
        {{ json_field(4, 'bigint') }} as schedule_to_day,
        {{ json_field(5, 'bigint') }} as schedule_minor,
        {{ json_field(6, 'string') }} as convention,
        {{ json_field(7, 'string') }} as days_rule,
        {{ json_field(8, 'bigint') }} as not_before_day
    from {{ json_rows_join('folded', 'folded.folded', 'segments') }}
),

movements as (
    select
        folded.contract_key,
        folded.schedule_key,
        {{ json_field(0, 'bigint') }} as event_no,
        {{ json_field(2, 'string') }} as role,
        {{ json_field(3, 'bigint') }} as amount_minor
    from {{ json_rows_join('folded', 'folded.folded', 'movements') }}
),

taken_back as (
    select
        movements.contract_key,
        movements.schedule_key,
        events.occurred_on,
        cast(sum(movements.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from movements
    inner join events
        on
            movements.schedule_key = events.bill_key
            and movements.event_no = events.event_no
    where movements.role = 'credit_notes'
    group by movements.contract_key, movements.schedule_key, events.occurred_on
)

select
    services.contract_key,
    services.schedule_key,
    services.starts_on as slice_from_on,
    services.ends_on as slice_to_on,
    services.starts_on as schedule_from_on,
    services.ends_on as schedule_to_on,
    services.amount_minor as schedule_minor,
    services.straight_line as convention,
    services.straight_line_days as days_rule,
    services.not_before_on,
    'schedule' as cause
from services
left join folded
    on services.schedule_key = folded.schedule_key
where folded.schedule_key is null
union all
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
union all
select
    contract_key,
    schedule_key,
    occurred_on as slice_from_on,
    occurred_on as slice_to_on,
    occurred_on as schedule_from_on,
    occurred_on as schedule_to_on,
    -amount_minor as schedule_minor,
    'daily' as convention,
    'even' as days_rule,
    cast(null as date) as not_before_on,
    'price_change' as cause
from taken_back
