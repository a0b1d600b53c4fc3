{{ config(materialized='ephemeral') }}
-- One row per final invoice, with the customer and entity it belongs to; drafts are nobody's debt yet.
with invoices as (
    select * from {{ ref('base_stripe__invoices') }}
),

customers as (
    select * from {{ ref('base_stripe__customers') }}
)

select
    invoices.*,
    'stripe:' || invoices.id as invoice_id,
    customers.customer_id,
    customers.entity_id,
    'salesforce:' || coalesce(invoices.contract, invoices.subscription_contract) as contract_id,
    cast(coalesce(invoices.effective_at, invoices.finalized_at) as date) as issued_on,
    greatest(invoices._recorded_at, invoices.finalized_at) as recorded_at
from invoices
inner join customers
    on invoices.customer = customers.id
where
    invoices.status in ('open', 'paid', 'uncollectible', 'void')
    and invoices.finalized_at is not null
    and customers.entity_id is not null
