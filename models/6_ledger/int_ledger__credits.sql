-- One row per credit note line, invoice line it credits and contract: what it credits of the contract, which is the one of the invoice line.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced
)

select
    notes.credit_note_id,
    notes.credit_note_line_id,
    notes.invoice_line_id,
    notes.invoice_id,
    billings.contract_key,
    billings.line_key,
    coalesce(billings.kind = 'pass_through', false) as is_passed_through,
    notes.issued_on,
    notes.settled_by,
    notes.amount_minor,
    notes.tax_minor
from {{ ref('credited_lines') }} as notes
inner join {{ ref('known_billings') }} as billings
    on
        notes.invoice_id = billings.invoice_id
        and notes.invoice_line_id = billings.invoice_line_id
inner join invoices
    on
        billings.contract_key = invoices.contract_key
        and billings.invoice_id = invoices.invoice_id
