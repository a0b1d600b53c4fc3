{{ config(materialized='ephemeral') }}
-- One row per good line of the latest credit_note_lines file.
select
    credit_note_id,
    credit_note_line_id,
    invoice_line_id,
    cast(amount as decimal(28, 9)) as amount,
    cast(tax_amount as decimal(28, 9)) as tax_amount,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'credit_note_lines') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'credit_note_lines'
)
