{{ config(materialized='ephemeral') }}
-- One row per good line of the latest usage file.
select
    usage_id,
    contract_id,
    line_id,
    used_on,
    cast(quantity as decimal(28, 9)) as quantity,
    cast(unit_price as decimal(28, 9)) as unit_price,
    cast(amount as decimal(28, 9)) as amount,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'usage') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'usage'
)
