{{ config(materialized='ephemeral') }}
-- One row per charge that succeeded, with the customer and entity it belongs to and the first invoice it paid.
with charges as (
    select * from {{ ref('base_stripe__charges') }}
    where status = 'succeeded'
),

receipts as (
    select * from {{ ref('base_stripe__receipts') }}
    where place = 1
),

invoices as (
    select * from {{ ref('base_stripe__issued_invoices') }}
),

customers as (
    select * from {{ ref('base_stripe__customers') }}
)

select
    charges.id,
    charges.currency,
    charges.payment_intent,
    charges.amount_captured,
    charges.created,
    charges._recorded_at as recorded_at,
    customers.customer_id,
    customers.entity_id,
    invoices.invoice_id,
    receipts.id is not null as paid_an_invoice
from charges
left join receipts
    on charges.id = receipts.charge
left join invoices
    on receipts.invoice = invoices.id
inner join customers
    on coalesce(charges.customer, invoices.customer) = customers.id
where customers.entity_id is not null
