{{ config(materialized='ephemeral') }}
-- One row per good line of the latest invoices file.
select
    invoice_id,
    customer_id,
    entity_id,
    currency,
    issued_on,
    due_on,
    contract_id,
    number,
    coalesce(source_system, 'file_drop') as source_system,
    recorded_at as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'invoices') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'invoices'
)
