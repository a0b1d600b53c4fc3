-- One row per delivered price component, with its fate in status.
with delivered as (
    select
        contract_id,
        component_id,
        kind,
        origin_version,
        lines,
        period_starts_on,
        period_ends_on,
        rate,
        compounding,
        exclusive,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__price_components') }}
),

versions as (
    select
        contract_id,
        version,
        entity_id,
        currency,
        agreed_on,
        known_at
    from {{ ref('int_inputs__contract_versions') }}
    where is_reference
),

joined as (
    select
        delivered.*,
        versions.version as found_version,
        versions.entity_id,
        versions.currency,
        coalesce(delivered.given_recorded_at, {{ start_of_day('versions.agreed_on') }}, {{ beginning() }}) as recorded_at,
        coalesce(versions.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join versions
        on
            delivered.contract_id = versions.contract_id
            and delivered.origin_version = versions.version
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_version is null then {{ no_such_version('origin_version') }}
            when period_ends_on < period_starts_on
                then {{ problem('period_ends_on', 'period_ends_on', "'period_ends_on is before period_starts_on'") }}
            {{ repetition_problems(['component_id'], 'component_id', 'this component_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['component_id']) }} as row_rank,
        {{ accepted_at(['component_id']) }} as accepted_at
    from checked
)

select
    contract_id,
    component_id,
    kind,
    origin_version,
    lines,
    period_starts_on,
    period_ends_on,
    rate,
    compounding,
    exclusive,
    source_system,
    recorded_at,
    entity_id,
    currency,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
