{{ config(materialized='view') }}
-- One row per schedule of invoiced service that nothing changed, and per day on which a credit note or a void takes back what of one was earned
-- (606-10-32-43, 32-44). The slices of a changed one are in int_recognition__slices.
with services as (
    select * from {{ ref('int_recognition__invoiced_service') }}
),

folded as (
    select * from {{ ref('folded_bills') }}
),

events as (
    select * from {{ ref('int_recognition__bill_events') }}
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
