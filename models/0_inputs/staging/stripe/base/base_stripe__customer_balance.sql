{{ config(materialized='ephemeral') }}
-- One row per invoice that used or gave credit on the customer's balance, and one more when it was voided.
with invoices as (
    select
        *,
        ending_balance - starting_balance as applied
    from {{ ref('base_stripe__issued_invoices') }}
    where ending_balance <> starting_balance
),

issued as (
    select
        invoice_id || ':balance' as payment_id,
        case when applied > 0 then 'balance_applied' else 'balance_granted' end as kind,
        customer_id,
        entity_id,
        invoice_id,
        cast(issued_on as {{ dbt.type_timestamp() }}) as occurred_at,
        currency,
        abs(applied) as amount_minor,
        recorded_at
    from invoices
),

voided as (
    select
        invoice_id || ':balance_returned' as payment_id,
        'balance_granted' as kind,
        customer_id,
        entity_id,
        invoice_id,
        voided_at as occurred_at,
        currency,
        applied as amount_minor,
        greatest(recorded_at, voided_at) as recorded_at
    from invoices
    where
        voided_at is not null
        and applied > 0
)

select * from issued
union all
select * from voided
