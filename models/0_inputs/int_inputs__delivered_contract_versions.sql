{{ config(materialized='ephemeral') }}
-- One row per version of a contract, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
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
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__contract_versions') }}
union all
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
    recorded_at as given_recorded_at,
    'salesforce' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_salesforce__contract_versions') }}
