{{ config(materialized='view') }}
-- One row per granted balance that its invoice leaves the customer by its own entries: the invoice is below zero, or void by then.
with grants as (
    select
        payment_id,
        invoice_id,
        occurred_on
    from {{ ref('input_payments') }}
    where kind = 'balance_granted' and invoice_id is not null
),

below_zero as (
    select grants.payment_id
    from grants
    inner join {{ ref('known_billings') }} as billings
        on grants.invoice_id = billings.invoice_id
    group by grants.payment_id
    having sum(billings.amount_minor + billings.tax_minor + billings.pass_through_minor) < 0
),

voided as (
    select grants.payment_id
    from grants
    inner join {{ ref('input_invoice_events') }} as events
        on grants.invoice_id = events.invoice_id
    where events.kind = 'void' and grants.occurred_on >= events.occurred_on
)

select payment_id from below_zero
union distinct
select payment_id from voided
