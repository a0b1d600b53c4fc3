{{ config(materialized='ephemeral') }}
-- One row per direct debit, with the customer and entity of the Stripe customer it is collected from, and its milestones.
with payments as (
    select * from {{ ref('base_gocardless__payments') }}
),

mandates as (
    select * from {{ ref('base_gocardless__mandates') }}
),

debtors as (
    select * from {{ ref('base_gocardless__customers') }}
),

invoices as (
    select * from {{ ref('base_stripe__issued_invoices') }}
),

customers as (
    select * from {{ ref('base_stripe__customers') }}
),

events as (
    select
        payment,
        min(case when action = 'confirmed' then created_at end) as confirmed_at,
        max(case when action = 'charged_back' then created_at end) as charged_back_at
    from {{ ref('base_gocardless__events') }}
    where payment is not null
    group by payment
)

select
    payments.*,
    invoices.invoice_id,
    coalesce(invoices.customer_id, customers.customer_id) as customer_id,
    coalesce(invoices.entity_id, customers.entity_id) as entity_id,
    coalesce(
        events.confirmed_at,
        cast(payments.charge_date as {{ dbt.type_timestamp() }}),
        payments.created_at
    ) as received_at,
    coalesce(events.charged_back_at, payments._recorded_at) as taken_back_at
from payments
left join invoices
    on payments.invoice = invoices.id
left join mandates
    on payments.mandate = mandates.id
left join debtors
    on mandates.customer = debtors.id
left join customers
    on debtors.stripe_customer = customers.id
left join events
    on payments.id = events.payment
