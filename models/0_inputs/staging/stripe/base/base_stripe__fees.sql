{{ config(materialized='ephemeral') }}
-- One row per movement of the Stripe balance that cost a fee, with the charge it goes back to.
with charges as (
    select * from {{ ref('base_stripe__owned_charges') }}
),

sources as (
    select
        id as source,
        id as charge
    from charges
    union all
    select
        id as source,
        charge
    from {{ ref('base_stripe__refunds') }}
    union all
    select
        id as source,
        charge
    from {{ ref('base_stripe__disputes') }}
),

movements as (
    select * from {{ ref('base_stripe__balance_transactions') }}
    where fee > 0
)

select
    'stripe:' || movements.id as payment_id,
    'fee' as kind,
    charges.customer_id,
    charges.entity_id,
    charges.invoice_id,
    movements.created as occurred_at,
    movements.currency,
    movements.fee as amount_minor,
    movements._recorded_at as recorded_at
from movements
inner join sources
    on movements.source = sources.source
inner join charges
    on sources.charge = charges.id
