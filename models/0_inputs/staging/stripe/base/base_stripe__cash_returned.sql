{{ config(materialized='ephemeral') }}
-- One row per refund, per dispute that took money, and per dispute that was won.
with charges as (
    select * from {{ ref('base_stripe__owned_charges') }}
),

settling as (
    select
        refund,
        min(credit_note) as credit_note
    from {{ ref('base_stripe__credit_note_refunds') }}
    group by refund
),

refunds as (
    select
        'stripe:' || refunds.id as payment_id,
        'refund' as kind,
        refunds.charge,
        refunds.created as occurred_at,
        refunds.currency,
        refunds.amount as amount_minor,
        'stripe:' || settling.credit_note as credit_note_id,
        refunds._recorded_at as recorded_at
    from {{ ref('base_stripe__refunds') }} as refunds
    left join settling
        on refunds.id = settling.refund
    where refunds.status = 'succeeded'
),

disputes as (
    select * from {{ ref('base_stripe__disputes') }}
    where status not in ('warning_needs_response', 'warning_under_review', 'warning_closed', 'prevented')
),

opened as (
    select
        'stripe:' || id as payment_id,
        'dispute' as kind,
        charge,
        created as occurred_at,
        currency,
        amount as amount_minor,
        cast(null as {{ dbt.type_string() }}) as credit_note_id,
        _recorded_at as recorded_at
    from disputes
),

won as (
    select
        'stripe:' || id || ':won' as payment_id,
        'dispute_won' as kind,
        charge,
        coalesce(won_at, _recorded_at) as occurred_at,
        currency,
        amount as amount_minor,
        cast(null as {{ dbt.type_string() }}) as credit_note_id,
        greatest(_recorded_at, coalesce(won_at, _recorded_at)) as recorded_at
    from disputes
    where status = 'won'
),

movements as (
    select * from refunds
    union all
    select * from opened
    union all
    select * from won
)

select
    movements.payment_id,
    movements.kind,
    charges.customer_id,
    charges.entity_id,
    charges.invoice_id,
    movements.occurred_at,
    movements.currency,
    movements.amount_minor,
    movements.credit_note_id,
    movements.recorded_at
from movements
inner join charges
    on movements.charge = charges.id
