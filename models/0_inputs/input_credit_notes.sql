{{ config(materialized='view') }}
-- One row per accepted credit note: the latest one known. One that names no invoice credits the invoice of its lines, where that is one.
with notes as (
    select * from {{ ref('int_inputs__credit_notes') }}
    where status = 'accepted'
),

told_by_lines as (
    select
        credit_note_id,
        min(billed_invoice_id) as invoice_id
    from {{ ref('int_inputs__credit_note_lines') }}
    where status = 'accepted' and credited_invoice_id is null
    group by credit_note_id
    having min(billed_invoice_id) = max(billed_invoice_id)
)

select
    notes.credit_note_id,
    coalesce(notes.invoice_id, told_by_lines.invoice_id) as invoice_id,
    notes.customer_id,
    notes.issued_on,
    notes.reason,
    notes.settled_by,
    notes.voided_on,
    notes.source_system,
    notes.recorded_at
from notes
left join told_by_lines
    on notes.credit_note_id = told_by_lines.credit_note_id
