{{ config(materialized='ephemeral') }}
-- One row per good line of the latest credit_notes file.
select
    credit_note_id,
    invoice_id,
    customer_id,
    issued_on,
    reason,
    settled_by,
    voided_on,
    'file_drop' as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'credit_notes') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'credit_notes'
)
