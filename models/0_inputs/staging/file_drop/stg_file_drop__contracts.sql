{{ config(materialized='ephemeral') }}
-- One row per good line of the latest contracts file.
select
    contract_id,
    customer_id,
    entity_id,
    currency,
    signed_on,
    combine_with,
    netting_group,
    coalesce(source_system, 'file_drop') as source_system,
    source_id,
    document_url,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'contracts') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'contracts'
)
