{{ config(materialized='view') }}
-- One row per accepted invoice line: the latest one known.
select
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    product_id,
    amount_minor,
    tax_amount_minor,
    starts_on,
    ends_on,
    quantity,
    list_amount_minor,
    kind,
    source_system,
    recorded_at
from {{ ref('int_inputs__invoice_lines') }}
where status = 'accepted'
