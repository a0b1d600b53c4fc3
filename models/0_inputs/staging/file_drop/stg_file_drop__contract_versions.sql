{{ config(materialized='ephemeral') }}
-- One row per good line of the latest contract_versions file.
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
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'contract_versions') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'contract_versions'
)
