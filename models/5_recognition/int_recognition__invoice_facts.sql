-- One row per contract with events in sequence: its obligations and events as one text, the argument of the fold.
with events as (
    select * from {{ ref('invoice_only_events') }}
),

lines as (
    select * from {{ ref('int_recognition__invoice_lines') }}
),

line_texts as (
    select
        contract_key,
        line_no,
        concat(
            '[', obligation_key, ',', line_no, ',', allocated_minor, ',', tax_minor, ',"', method, '","', convention, '","', days_rule, '",',
            {{ day_number('from_on') }}, ',', {{ day_number('to_on') }}, ',',
            coalesce(cast({{ day_number('not_before_on') }} as {{ dbt.type_string() }}), 'null'), ']'
        ) as line_text
    from lines
),

event_texts as (
    select
        contract_key,
        event_no,
        concat(
            '[', event_no, ',', {{ day_number('occurred_on') }}, ',"', kind, '",',
            coalesce(cast(obligation_key as {{ dbt.type_string() }}), 'null'), ',',
            coalesce(cast(amount_minor as {{ dbt.type_string() }}), 'null'), ',', tax_minor, ',"', coalesce(manner, ''), '"]'
        ) as event_text
    from events
),

lines_of_contracts as (
    select
        contract_key,
        {{ dbt.listagg('line_text', "','", 'order by line_no') }} as lines_text
    from line_texts
    group by contract_key
),

events_of_contracts as (
    select
        contract_key,
        {{ dbt.listagg('event_text', "','", 'order by event_no') }} as events_text
    from event_texts
    group by contract_key
)

select
    lines_of_contracts.contract_key,
    concat('{"lines":[', lines_of_contracts.lines_text, '],"events":[', events_of_contracts.events_text, ']}') as facts
from lines_of_contracts
inner join events_of_contracts
    on lines_of_contracts.contract_key = events_of_contracts.contract_key
