{{ config(materialized='ephemeral') }}
-- One row per payment of an invoice through Stripe, with the charge that brought the money.
with payments as (
    select * from {{ ref('base_stripe__invoice_payments') }}
    where status = 'paid'
),

charges as (
    select * from {{ ref('base_stripe__charges') }}
    where status = 'succeeded'
),

linked as (
    select
        payments.id,
        payments.charge
    from payments
    where payments.charge is not null
    union all
    -- Most payments name their intent only; of its charges one succeeded.
    select
        payments.id,
        charges.id as charge
    from payments
    inner join charges
        on payments.payment_intent = charges.payment_intent
    where payments.charge is null
)

select
    payments.id,
    payments.invoice,
    charges.id as charge,
    payments.currency,
    payments.amount_paid as amount_minor,
    coalesce(payments.paid_at, charges.created) as received_at,
    greatest(payments._recorded_at, charges._recorded_at) as recorded_at,
    row_number() over (partition by charges.id order by payments.id) as place
from linked
inner join payments
    on linked.id = payments.id
inner join charges
    on linked.charge = charges.id
