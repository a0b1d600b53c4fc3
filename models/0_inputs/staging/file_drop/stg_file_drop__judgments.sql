{{ config(materialized='ephemeral') }}
-- One row per good line of the latest judgments file.
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
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'judgments') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'judgments'
)
