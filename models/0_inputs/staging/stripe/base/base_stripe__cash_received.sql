{{ config(materialized='ephemeral') }}
-- One row per receipt of money: for an invoice through Stripe or outside it, or for no invoice.
with receipts as (
    select * from {{ ref('base_stripe__receipts') }}
),

invoices as (
    select * from {{ ref('base_stripe__issued_invoices') }}
),

charges as (
    select * from {{ ref('base_stripe__owned_charges') }}
),

-- What GoCardless collected, Stripe only knows as paid outside.
collected_elsewhere as (
    select distinct invoice
    from {{ ref('base_gocardless__payments') }}
    where
        invoice is not null
        and status in ('confirmed', 'paid_out', 'charged_back')
),

through_stripe as (
    select
        'stripe:' || receipts.id as payment_id,
        'payment' as kind,
        invoices.customer_id,
        invoices.entity_id,
        invoices.invoice_id,
        receipts.received_at as occurred_at,
        receipts.currency,
        receipts.amount_minor,
        cast(null as {{ dbt.type_string() }}) as method,
        receipts.recorded_at
    from receipts
    inner join invoices
        on receipts.invoice = invoices.id
),

outside as (
    select
        invoices.invoice_id || ':outside' as payment_id,
        'payment' as kind,
        invoices.customer_id,
        invoices.entity_id,
        invoices.invoice_id,
        coalesce(invoices.paid_at, invoices._recorded_at) as occurred_at,
        invoices.currency,
        invoices.amount_paid_off_stripe as amount_minor,
        'outside' as method,
        invoices.recorded_at
    from invoices
    left join collected_elsewhere
        on invoices.id = collected_elsewhere.invoice
    where
        invoices.amount_paid_off_stripe > 0
        and collected_elsewhere.invoice is null
),

without_invoice as (
    select
        'stripe:' || id as payment_id,
        'deposit' as kind,
        customer_id,
        entity_id,
        invoice_id,
        created as occurred_at,
        currency,
        amount_captured as amount_minor,
        cast(null as {{ dbt.type_string() }}) as method,
        recorded_at
    from charges
    where not paid_an_invoice
)

select * from through_stripe
union all
select * from outside
union all
select * from without_invoice
