{{ config(materialized='view') }}
-- One row per invoice line that is revenue because it is invoiced (55-18): a right to invoice, over the service it names or on the day it is
-- issued; what is earned on invoice; a minimum fee for what nobody will use (55-48). An invoice that is its own contract has a price instead.
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

terms as (
    select * from {{ ref('contract_terms') }}
    where recognition_method in ('as_invoiced', 'on_invoice', 'usage')
)

select
    terms.contract_key,
    terms.line_key,
    terms.not_before_on,
    billings.invoice_id,
    billings.invoice_line_id,
    {{ text_key(['terms.line_key', 'billings.invoice_id', 'billings.invoice_line_id']) }} as bill_key,
    billings.issued_on,
    billings.starts_on,
    billings.ends_on,
    billings.amount_minor,
    terms.recognition_method = 'as_invoiced' and billings.starts_on is not null and billings.ends_on is not null as is_over_service
from {{ ref('billings') }} as billings
inner join terms
    on billings.line_key = terms.line_key
inner join contracts
    on terms.contract_key = contracts.contract_key
where terms.recognition_method <> 'usage' or billings.kind = 'minimum_fee'
