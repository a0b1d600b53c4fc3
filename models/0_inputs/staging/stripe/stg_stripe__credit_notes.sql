-- One row per Stripe credit note, with why it was given and how it was settled.
with notes as (
    select * from {{ ref('base_stripe__credit_notes') }}
),

customers as (
    select * from {{ ref('base_stripe__customers') }}
),

refunded as (
    select distinct credit_note
    from {{ ref('base_stripe__credit_note_refunds') }}
)

select
    'stripe:' || notes.id as credit_note_id,
    'stripe:' || notes.invoice as invoice_id,
    customers.customer_id,
    cast(coalesce(notes.effective_at, notes.created) as date) as issued_on,
    case
        when
            notes.metadata_reason in ('scope_reduction', 'price_change', 'billing_error', 'past_service', 'rebate')
            then notes.metadata_reason
        when notes.reason = 'duplicate' then 'billing_error'
        else 'unspecified'
    end as reason,
    case
        when refunded.credit_note is not null then 'refund'
        when notes.pre_payment_amount > 0 then 'receivable'
        when notes.out_of_band_amount > 0 then 'outside'
        when notes.post_payment_amount > 0 then 'customer_balance'
        else 'receivable'
    end as settled_by,
    cast(notes.voided_at as date) as voided_on,
    'stripe' as source_system,
    notes._recorded_at as recorded_at
from notes
inner join customers
    on notes.customer = customers.id
left join refunded
    on notes.id = refunded.credit_note
where customers.entity_id is not null
