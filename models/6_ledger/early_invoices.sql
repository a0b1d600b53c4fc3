-- One row per invoice and contract it bills of which something was paid, credited or voided before the right to all of it was unconditional (606-10-45-4).
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced and booked_on is not null
)

select
    contract_key,
    invoice_id,
    booked_in_full_on
from invoices
where booked_on < booked_in_full_on
union distinct
select
    invoices.contract_key,
    invoices.invoice_id,
    invoices.booked_in_full_on
from {{ ref('input_payments') }} as payments
inner join invoices
    on payments.invoice_id = invoices.invoice_id
where
    payments.kind in ('payment', 'balance_applied', 'dispute', 'dispute_won')
    and greatest(payments.occurred_on, invoices.signed_on) < invoices.booked_in_full_on
union distinct
select
    invoices.contract_key,
    invoices.invoice_id,
    invoices.booked_in_full_on
from {{ ref('input_credit_notes') }} as notes
inner join invoices
    on notes.invoice_id = invoices.invoice_id
where notes.voided_on is null and greatest(notes.issued_on, invoices.signed_on) < invoices.booked_in_full_on
union distinct
select
    invoices.contract_key,
    invoices.invoice_id,
    invoices.booked_in_full_on
from {{ ref('input_invoice_events') }} as events
inner join invoices
    on events.invoice_id = invoices.invoice_id
where events.kind = 'void' and greatest(events.occurred_on, invoices.signed_on) < invoices.booked_in_full_on
