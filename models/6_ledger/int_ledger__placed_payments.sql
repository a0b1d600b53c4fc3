{{ config(materialized='view') }}
-- One row per movement of cash or balance on an invoice and contract the invoice bills, with the line of the contract it names, if it names one.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
),

payments as (
    select
        payments.*,
        case
            when kind = 'refund' and credit_note_id is not null then concat('credit_note:', credit_note_id)
            when kind in ('payment', 'deposit', 'balance_applied', 'dispute', 'dispute_won') then 'settlement'
            else kind
        end as account,
        case when kind = 'dispute' then -1 else 1 end as direction
    from {{ ref('input_payments') }} as payments
    where kind <> 'payout' and invoice_id is not null
),

billings as (
    select * from {{ ref('known_billings') }}
)

select
    payments.payment_id,
    payments.kind,
    payments.invoice_id,
    payments.line_id,
    payments.credit_note_id,
    payments.method,
    payments.occurred_on,
    payments.amount_minor,
    payments.account,
    payments.direction,
    invoices.contract_key,
    invoices.book,
    invoices.contract_no,
    invoices.contract_count,
    invoices.is_sequenced,
    invoices.booked_on,
    invoices.billed_minor,
    billings.invoice_line_id is not null as is_of_line,
    max(case when billings.invoice_line_id is null then 0 else 1 end) over (partition by payments.payment_id, invoices.book) as named_lines
from payments
inner join invoices
    on payments.invoice_id = invoices.invoice_id
left join billings
    on
        invoices.contract_key = billings.contract_key
        and payments.invoice_id = billings.invoice_id
        and payments.invoice_line_id = billings.invoice_line_id
