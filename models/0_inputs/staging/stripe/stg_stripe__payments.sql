-- One row per movement of cash or customer balance at Stripe.
with received as (
    select
        payment_id,
        kind,
        customer_id,
        entity_id,
        invoice_id,
        occurred_at,
        currency,
        amount_minor,
        cast(null as {{ dbt.type_string() }}) as credit_note_id,
        method,
        recorded_at
    from {{ ref('base_stripe__cash_received') }}
),

returned as (
    select
        payment_id,
        kind,
        customer_id,
        entity_id,
        invoice_id,
        occurred_at,
        currency,
        amount_minor,
        credit_note_id,
        cast(null as {{ dbt.type_string() }}) as method,
        recorded_at
    from {{ ref('base_stripe__cash_returned') }}
),

fees_and_balances as (
    select
        payment_id,
        kind,
        customer_id,
        entity_id,
        invoice_id,
        occurred_at,
        currency,
        amount_minor,
        cast(null as {{ dbt.type_string() }}) as credit_note_id,
        cast(null as {{ dbt.type_string() }}) as method,
        recorded_at
    from {{ ref('base_stripe__fees') }}
    union all
    select
        payment_id,
        kind,
        customer_id,
        entity_id,
        invoice_id,
        occurred_at,
        currency,
        amount_minor,
        cast(null as {{ dbt.type_string() }}) as credit_note_id,
        cast(null as {{ dbt.type_string() }}) as method,
        recorded_at
    from {{ ref('base_stripe__customer_balance') }}
),

movements as (
    select * from received
    union all
    select * from returned
    union all
    select * from fees_and_balances
)

select
    payment_id,
    kind,
    customer_id,
    entity_id,
    invoice_id,
    cast(null as {{ dbt.type_string() }}) as invoice_line_id,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as line_id,
    cast(occurred_at as date) as occurred_on,
    upper(currency) as currency,
    amount_minor,
    credit_note_id,
    method,
    'stripe' as source_system,
    recorded_at
from movements
where amount_minor > 0
