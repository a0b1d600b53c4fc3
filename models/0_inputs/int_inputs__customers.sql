-- One row per delivered customer, with its fate in status.
with delivered as (
    select
        customer_id,
        customer_name,
        entity_id,
        region,
        segment,
        parent_customer_id,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__customers') }}
),

entities as (
    select
        entity_id,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

joined as (
    select
        delivered.*,
        entities.entity_id as found_entity,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at,
        coalesce(entities.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join entities
        on delivered.entity_id = entities.entity_id
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_entity is null then {{ no_such('entity', 'entity_id') }}
            {{ repetition_problems(['customer_id'], 'customer_id', 'this customer_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['customer_id']) }} as row_rank,
        {{ accepted_at(['customer_id']) }} as accepted_at
    from checked
)

select
    customer_id,
    customer_name,
    entity_id,
    region,
    segment,
    parent_customer_id,
    source_system,
    recorded_at,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
