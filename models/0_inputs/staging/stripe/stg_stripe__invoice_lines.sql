-- One row per line of a final Stripe invoice, net of its discounts and of tax.
with lines as (
    select * from {{ ref('base_stripe__issued_lines') }}
)

select
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    product_id,
    amount_minor,
    tax_amount_minor,
    starts_on,
    ends_on,
    quantity,
    list_amount_minor,
    kind,
    'stripe' as source_system,
    recorded_at
from lines
