{{ config(materialized='view') }}
-- One row per accepted invoice: the latest one known.
select
    invoice_id,
    customer_id,
    entity_id,
    currency,
    issued_on,
    due_on,
    contract_id,
    number,
    source_system,
    recorded_at
from {{ ref('int_inputs__invoices') }}
where status = 'accepted'
