{{ config(materialized='ephemeral') }}
-- One row per good line of the latest entities file.
select
    entity_id,
    entity_name,
    functional_currency,
    reporting_currency,
    calendar,
    fiscal_year_start,
    timezone,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'entities') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'entities'
)
