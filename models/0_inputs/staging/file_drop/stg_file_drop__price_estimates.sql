{{ config(materialized='ephemeral') }}
-- One row per good line of the latest price_estimates file.
select
    component_id,
    estimated_on,
    method,
    scenario,
    cast(amount as decimal(28, 9)) as amount,
    cast(probability as decimal(28, 9)) as probability,
    cast(constrained_to as decimal(28, 9)) as constrained_to,
    book,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'price_estimates') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'price_estimates'
)
