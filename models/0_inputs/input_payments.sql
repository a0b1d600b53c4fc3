{{ config(materialized='view') }}
-- One row per accepted movement of cash or customer balance: the latest one known.
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
    amount_minor,
    credit_note_id,
    method,
    source_system,
    recorded_at
from {{ ref('int_inputs__payments') }}
where status = 'accepted'
