-- One row per delivered version of a contract, with its fate in status.
{%- set key = ['contract_id', 'version'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_contract_versions') }}
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
),

joined as (
    select
        delivered.*,
        contracts.contract_id is not null as has_contract,
        contracts.entity_id,
        contracts.currency,
        {{ recorded_or_start_of('delivered.agreed_on') }} as recorded_at,
        {{ latest_of(['contracts.known_at']) }} as referred_known_at
    from delivered
    left join contracts
        on delivered.contract_id = contracts.contract_id
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_contract then {{ no_such('contract', 'contract_id') }}
            when version < 1 then {{ problem('version', 'version', "'versions count from 1'") }}
            when resumes_on < effective_on
                then {{ problem('resumes_on', 'resumes_on', "'resumes_on is before effective_on'") }}
            {{ repetition_problems(key, 'version', 'this version') }}
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
