-- One row per delivered version of a contract, with its fate in status.
with delivered as (
    select
        contract_id,
        version,
        agreed_on,
        effective_on,
        change,
        treatment,
        resumes_on,
        voided_on,
        reason,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__contract_versions') }}
),

contracts as (
    select
        contract_id,
        entity_id,
        currency,
        known_at
    from {{ ref('int_inputs__contracts') }}
    where is_reference
),

joined as (
    select
        delivered.*,
        contracts.contract_id as found_contract,
        contracts.entity_id,
        contracts.currency,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.agreed_on') }}, {{ beginning() }}) as recorded_at,
        coalesce(contracts.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join contracts
        on delivered.contract_id = contracts.contract_id
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_contract is null then {{ no_such('contract', 'contract_id') }}
            when version < 1 then {{ problem('version', 'version', "'versions count from 1'") }}
            when resumes_on < effective_on
                then {{ problem('resumes_on', 'resumes_on', "'resumes_on is before effective_on'") }}
            {{ repetition_problems(['contract_id', 'version'], 'version', 'this version') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['contract_id', 'version']) }} as row_rank,
        {{ accepted_at(['contract_id', 'version']) }} as accepted_at
    from checked
)

select
    contract_id,
    version,
    agreed_on,
    effective_on,
    change,
    treatment,
    resumes_on,
    voided_on,
    reason,
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
