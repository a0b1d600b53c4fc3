{{ config(materialized='ephemeral') }}
-- One row per good line of the latest payment_schedules file.
select
    contract_id,
    due_on,
    cast(amount as decimal(28, 9)) as amount,
    line_id,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'payment_schedules') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'payment_schedules'
)
