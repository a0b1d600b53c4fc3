{{ config(materialized='view') }}
-- One row per accepted credit note: the latest one known.
select
    credit_note_id,
    invoice_id,
    customer_id,
    issued_on,
    reason,
    settled_by,
    voided_on,
    source_system,
    recorded_at
from {{ ref('int_inputs__credit_notes') }}
where status = 'accepted'
