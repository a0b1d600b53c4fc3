{{ config(materialized='ephemeral') }}
-- One row per good line of the latest price_components file.
select
    contract_id,
    component_id,
    kind,
    origin_version,
    lines,
    period_starts_on,
    period_ends_on,
    cast(rate as {{ wide_decimal(27, 24) }}) as rate,
    compounding,
    exclusive,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'price_components') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'price_components'
)
