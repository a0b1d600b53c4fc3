{{ config(materialized='view') }}
-- One row per accepted version of a contract: the latest one known.
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
    recorded_at
from {{ ref('int_inputs__contract_versions') }}
where status = 'accepted'
