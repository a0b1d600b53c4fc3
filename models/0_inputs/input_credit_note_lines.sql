{{ config(materialized='view') }}
-- One row per accepted credit note line: the latest one known.
select
    credit_note_id,
    credit_note_line_id,
    invoice_line_id,
    amount_minor,
    tax_amount_minor,
    source_system,
    recorded_at
from {{ ref('int_inputs__credit_note_lines') }}
where status = 'accepted'
