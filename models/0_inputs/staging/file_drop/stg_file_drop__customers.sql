{{ config(materialized='ephemeral') }}
-- One row per good line of the latest customers file.
select
    customer_id,
    customer_name,
    entity_id,
    region,
    segment,
    parent_customer_id,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'customers') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'customers'
)
