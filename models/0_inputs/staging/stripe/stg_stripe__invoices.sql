-- One row per final Stripe invoice.
with invoices as (
    select * from {{ ref('base_stripe__issued_invoices') }}
)

select
    invoice_id,
    customer_id,
    entity_id,
    upper(currency) as currency,
    issued_on,
    cast(due_date as date) as due_on,
    contract_id,
    number,
    'stripe' as source_system,
    recorded_at
from invoices
