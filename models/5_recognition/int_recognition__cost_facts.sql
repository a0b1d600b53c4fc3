-- One row per capitalised cost with events in order: its terms and events as one text, the argument of the fold.
with costs as (
    select * from {{ ref('contract_costs') }}
    where treatment = 'capitalized'
),

events as (
    select * from {{ ref('contract_cost_events') }}
    where treatment = 'capitalized'
),

event_texts as (
    select
        cost_key,
        event_no,
        concat(
            '[', event_no, ',', {{ day_number('occurred_on') }}, ',"', kind, '",',
            coalesce(cast(amount_minor as {{ dbt.type_string() }}), 'null'), ',',
            coalesce(cast({{ day_number('amortise_to') }} as {{ dbt.type_string() }}), 'null'), ']'
        ) as event_text
    from events
),

events_of_costs as (
    select
        cost_key,
        {{ dbt.listagg('event_text', "','", 'order by event_no') }} as events_text
    from event_texts
    group by cost_key
)

select
    costs.cost_key,
    costs.contract_key,
    concat(
        '{"cost":[', costs.amount_minor, ',"', costs.convention, '","', costs.days_rule, '",', {{ day_number('costs.amortise_from_on') }}, ',',
        {{ day_number('costs.amortise_to_on') }}, ',', {{ day_number('costs.capitalized_on') }}, ',', case when costs.is_reversible then 1 else 0 end,
        '],"events":[', events_of_costs.events_text, ']}'
    ) as facts
from costs
inner join events_of_costs
    on costs.cost_key = events_of_costs.cost_key
