-- One row per invoice that was voided, and one per invoice that was marked uncollectible.
with invoices as (
    select * from {{ ref('base_stripe__issued_invoices') }}
),

voided as (
    select
        invoice_id,
        'void' as kind,
        voided_at as occurred_at,
        recorded_at
    from invoices
    where voided_at is not null
),

written_off as (
    select
        invoice_id,
        'write_off' as kind,
        marked_uncollectible_at as occurred_at,
        recorded_at
    from invoices
    where marked_uncollectible_at is not null
),

events as (
    select * from voided
    union all
    select * from written_off
)

select
    invoice_id || ':' || kind as event_id,
    invoice_id,
    kind,
    cast(occurred_at as date) as occurred_on,
    cast(null as {{ dbt.type_bigint() }}) as amount_minor,
    'stripe' as source_system,
    greatest(recorded_at, occurred_at) as recorded_at
from events
