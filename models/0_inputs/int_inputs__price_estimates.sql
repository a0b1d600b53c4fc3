-- One row per delivered scenario of a price estimate, with its fate in status.
with delivered as (
    select
        component_id,
        estimated_on,
        method,
        scenario,
        amount,
        probability,
        constrained_to,
        book,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__price_estimates') }}
),

components as (
    select
        component_id,
        entity_id,
        currency,
        known_at
    from {{ ref('int_inputs__price_components') }}
    where is_reference
),

currencies as (
    select
        currency,
        minor_units
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        components.component_id as found_component,
        components.entity_id,
        components.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        {{ to_minor('delivered.constrained_to', 'currencies.minor_units') }} as constrained_to_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.estimated_on') }}, {{ beginning() }}) as recorded_at,
        coalesce(components.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join components
        on delivered.component_id = components.component_id
    left join currencies
        on components.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_component is null then {{ no_such('component', 'component_id') }}
            {{ amount_problems('amount') }}
            {{ amount_problems('constrained_to') }}
            {{ repetition_problems(['component_id', 'estimated_on', 'book', 'scenario'], 'component_id', 'this estimate') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['component_id', 'estimated_on', 'book', 'scenario']) }} as row_rank,
        {{ accepted_at(['component_id', 'estimated_on', 'book', 'scenario']) }} as accepted_at
    from checked
)

select
    component_id,
    estimated_on,
    method,
    scenario,
    amount_minor,
    probability,
    constrained_to_minor,
    book,
    source_system,
    recorded_at,
    entity_id,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
