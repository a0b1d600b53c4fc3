{{ config(materialized='ephemeral') }}
-- One row per good line of the latest account_mappings file.
select
    role,
    account_code,
    account_name,
    entity_id,
    product_id,
    revenue_stream,
    region,
    currency,
    book,
    effective_on,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'account_mappings') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'account_mappings'
)
