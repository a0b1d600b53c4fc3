{{ config(materialized='ephemeral') }}
-- One row per good line of the latest invoice_events file.
select
    event_id,
    invoice_id,
    kind,
    occurred_on,
    cast(amount as decimal(28, 9)) as amount,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'invoice_events') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'invoice_events'
)
