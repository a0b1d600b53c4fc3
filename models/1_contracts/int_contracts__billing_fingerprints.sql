{{ config(materialized='view') }}
-- One row per contract and line of an invoice that bills it: the fingerprint of that line.
-- An invoice is settled as a whole: what it bills beside the contract decides what of a payment is the contract's.
with billings as (
    select * from {{ ref('known_billings') }}
),

invoices as (
    select distinct
        contract_key,
        invoice_id
    from billings
)

select
    invoices.contract_key,
    {{ row_fingerprint([
        'billings.line_key', 'billings.invoice_id', 'billings.invoice_line_id', 'billings.kind', 'billings.issued_on', 'billings.ends_on',
        'billings.booked_on', 'billings.amount_minor', 'billings.pass_through_minor', 'billings.tax_minor', 'billings.known_at',
        'contracts.signed_on',
    ]) }} as fingerprint
from invoices
inner join billings
    on invoices.invoice_id = billings.invoice_id
inner join {{ ref('known_contracts') }} as contracts
    on billings.contract_key = contracts.contract_key
