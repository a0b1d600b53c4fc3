-- One row per delivered judgment, with its fate in status.
with delivered as (
    select
        judgment_id,
        topic,
        contract_id,
        component_id,
        paragraph,
        conclusion,
        evidence_url,
        prepared_by,
        reviewed_by,
        decided_on,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__judgments') }}
),

contracts as (
    select
        contract_id,
        entity_id,
        known_at
    from {{ ref('int_inputs__contracts') }}
    where is_reference
),

components as (
    select
        component_id,
        entity_id,
        known_at
    from {{ ref('int_inputs__price_components') }}
    where is_reference
),

joined as (
    select
        delivered.*,
        contracts.contract_id as found_contract,
        components.component_id as found_component,
        coalesce(contracts.entity_id, components.entity_id) as entity_id,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.decided_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(contracts.known_at, {{ beginning() }}),
            coalesce(components.known_at, {{ beginning() }})
        ) as referred_known_at
    from delivered
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join components
        on delivered.component_id = components.component_id
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when contract_id is not null and found_contract is null then {{ no_such('contract', 'contract_id') }}
            when component_id is not null and found_component is null then {{ no_such('component', 'component_id') }}
            {{ repetition_problems(['judgment_id'], 'judgment_id', 'this judgment_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['judgment_id']) }} as row_rank,
        {{ accepted_at(['judgment_id']) }} as accepted_at
    from checked
)

select
    judgment_id,
    topic,
    contract_id,
    component_id,
    paragraph,
    conclusion,
    evidence_url,
    prepared_by,
    reviewed_by,
    decided_on,
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
