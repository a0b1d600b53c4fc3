{{ config(materialized='ephemeral') }}
-- One row per good line of the latest payments file.
select
    payment_id,
    kind,
    customer_id,
    entity_id,
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    occurred_on,
    currency,
    cast(amount as decimal(28, 9)) as amount,
    credit_note_id,
    method,
    coalesce(source_system, 'file_drop') as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'payments') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'payments'
)
