{{ config(materialized='ephemeral') }}
-- One row per good line of the latest progress file.
select
    contract_id,
    line_id,
    measured_on,
    cast(to_date as decimal(28, 9)) as to_date,
    cast(expected as decimal(28, 9)) as expected,
    cast(at_cost as decimal(28, 9)) as at_cost,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'progress') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'progress'
)
