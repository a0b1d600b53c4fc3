{{ config(materialized='ephemeral') }}
-- One row per good line of the latest fx_rates file.
select
    rate_on,
    from_currency,
    to_currency,
    cast(rate as {{ wide_decimal(27, 18) }}) as rate,
    kind,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'fx_rates') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'fx_rates'
)
