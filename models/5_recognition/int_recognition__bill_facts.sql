-- One row per bill of service that a credit note or a void changes: the bill and what is taken back of it as one text, the argument of the fold.
with event_texts as (
    select
        bill_key,
        event_no,
        concat(
            '[', event_no, ',', {{ day_number('occurred_on') }}, ',"credit_note",null,', amount_minor, ',0,"', manner, ':receivable"]'
        ) as event_text
    from {{ ref('int_recognition__bill_events') }}
    where is_over_service
),

events_of_bills as (
    select
        bill_key,
        {{ dbt.listagg('event_text', "','", 'order by event_no') }} as events_text
    from event_texts
    group by bill_key
)

select
    services.contract_key,
    services.schedule_key,
    concat(
        '{"lines":[[', services.schedule_key, ',1,', services.amount_minor, ',0,"straight_line","', services.straight_line, '","',
        services.straight_line_days, '",', {{ day_number('services.starts_on') }}, ',', {{ day_number('services.ends_on') }}, ',',
        coalesce(cast({{ day_number('services.not_before_on') }} as {{ dbt.type_string() }}), 'null'), ']],"events":[', events_of_bills.events_text, ']}'
    ) as facts
from {{ ref('int_recognition__invoiced_service') }} as services
inner join events_of_bills
    on services.schedule_key = events_of_bills.bill_key
