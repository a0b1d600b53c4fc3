{{ config(materialized='ephemeral') }}
-- One row per good line of the latest invoice_lines file.
select
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    product_id,
    cast(amount as decimal(28, 9)) as amount,
    cast(tax_amount as decimal(28, 9)) as tax_amount,
    starts_on,
    ends_on,
    cast(quantity as decimal(28, 9)) as quantity,
    cast(list_amount as decimal(28, 9)) as list_amount,
    kind,
    'file_drop' as source_system,
    cast(null as {{ dbt.type_timestamp() }}) as given_recorded_at,
    'file_drop' as loaded_from,
    _file as file_name,
    _line as file_line,
    _content as content_hash
from {{ source('raw_file_drop', 'invoice_lines') }}
where _load_no = (
    select max(load_no) from {{ source('raw_file_drop', 'loads') }} where table_name = 'invoice_lines'
)
