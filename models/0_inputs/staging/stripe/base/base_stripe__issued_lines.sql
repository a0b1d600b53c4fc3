{{ config(materialized='ephemeral') }}
-- One row per line of a final invoice, net of its discounts and of tax, with the contract line and the product it bills.
with lines as (
    select * from {{ ref('base_stripe__invoice_lines') }}
),

invoices as (
    select * from {{ ref('base_stripe__issued_invoices') }}
),

products as (
    select * from {{ ref('base_stripe__products') }}
),

prices as (
    select * from {{ ref('base_stripe__prices') }}
)

select
    'stripe:' || lines.id as invoice_line_id,
    invoices.invoice_id,
    coalesce('salesforce:' || lines.contract, invoices.contract_id) as contract_id,
    lines.line as line_id,
    products.known_product_id as product_id,
    lines.amount - lines.discount_amount - lines.inclusive_tax_amount as amount_minor,
    lines.exclusive_tax_amount + lines.inclusive_tax_amount as tax_amount_minor,
    lines.service_starts_on as starts_on,
    lines.service_ends_on as ends_on,
    invoices.issued_on,
    lines.quantity,
    case when lines.discount_amount <> 0 then lines.amount - lines.inclusive_tax_amount end as list_amount_minor,
    coalesce(lines.kind, 'charge') as kind,
    coalesce(prices.usage_type = 'metered', false) as is_metered,
    lines.id as stripe_line_id,
    greatest(lines._recorded_at, invoices.recorded_at) as recorded_at
from lines
inner join invoices
    on lines.invoice = invoices.id
left join products
    on lines.product = products.id
left join prices
    on lines.price = prices.id
