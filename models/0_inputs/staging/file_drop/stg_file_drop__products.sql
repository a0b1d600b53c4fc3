{{ config(materialized='ephemeral') }}
-- One row per good line of the latest products file.
select
    product_id,
    product_name,
    revenue_stream,
    recognition_method,
    obligation,
    is_distinct,
    licence,
    role,
    taxable,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'products') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'products'
)
