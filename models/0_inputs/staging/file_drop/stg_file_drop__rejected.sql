{{ config(materialized='ephemeral') }}
-- One row per cell, line or file of the file drop that could not be read, with the ids its line names.
with latest_loads as (
    select
        table_name,
        max(load_no) as load_no
    from {{ source('raw_file_drop', 'loads') }}
    group by table_name
)

select
    'file_drop' as source,
    rejected_rows.table_name,
    cast(rejected_rows.line as {{ dbt.type_string() }}) as row_id,
    rejected_rows.column_name,
    rejected_rows.value,
    rejected_rows.reason,
    rejected_rows.entity_id,
    rejected_rows.contract_id,
    rejected_rows.component_id,
    rejected_rows.cost_id,
    rejected_rows.invoice_id,
    rejected_rows.credit_note_id
from {{ source('raw_file_drop', 'rejected_rows') }} as rejected_rows
inner join latest_loads
    on
        rejected_rows.table_name = latest_loads.table_name
        and rejected_rows._load_no = latest_loads.load_no
