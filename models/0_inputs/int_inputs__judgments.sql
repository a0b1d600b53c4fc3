-- One row per delivered judgment, with its fate in status.
{%- set key = ['judgment_id'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__judgments') }}
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
),

components as (
    select * from {{ ref('int_inputs__price_components') }} where is_reference
),

joined as (
    select
        delivered.*,
        contracts.contract_id is not null as has_contract,
        components.component_id is not null as has_component,
        coalesce(contracts.entity_id, components.entity_id) as entity_id,
        {{ recorded_or_start_of('delivered.decided_on') }} as recorded_at,
        {{ latest_of(['contracts.known_at', 'components.known_at']) }} as referred_known_at
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
            when contract_id is not null and not has_contract then {{ no_such('contract', 'contract_id') }}
            when component_id is not null and not has_component then {{ no_such('component', 'component_id') }}
            {{ repetition_problems(key, 'judgment_id', 'this judgment_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
