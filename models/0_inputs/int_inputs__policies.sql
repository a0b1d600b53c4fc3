-- One row per delivered election of an accounting policy, with its fate in status.
with delivered as (
    select
        entity_id,
        book,
        policy,
        value,
        effective_on,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__policies') }}
),

entities as (
    select
        entity_id,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

allowed as (
    select
        policy,
        {{ dbt.listagg('value', "', '", 'order by value') }} as allowed_values
    from {{ ref('policy_values') }}
    group by policy
),

joined as (
    select
        delivered.*,
        entities.entity_id as found_entity,
        allowed.allowed_values,
        chosen.policy is not null as is_allowed,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at,
        coalesce(entities.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join entities
        on delivered.entity_id = entities.entity_id
    left join allowed
        on delivered.policy = allowed.policy
    left join {{ ref('policy_values') }} as chosen
        on
            delivered.policy = chosen.policy
            and chosen.value in (delivered.value, '*')
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when entity_id <> '*' and found_entity is null then {{ no_such('entity', 'entity_id') }}
            when allowed_values is null then {{ no_such('policy', 'policy') }}
            when not is_allowed
                then {{ problem('value', 'value', "policy || ' cannot be ''' || value || '''; it is one of: ' || allowed_values") }}
            {{ repetition_problems(['entity_id', 'book', 'policy', 'effective_on'], 'policy', 'this election') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['entity_id', 'book', 'policy', 'effective_on']) }} as row_rank,
        {{ accepted_at(['entity_id', 'book', 'policy', 'effective_on']) }} as accepted_at
    from checked
)

select
    entity_id,
    book,
    policy,
    value,
    effective_on,
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
