-- One row per direct debit that was collected, per chargeback, and per refund.
with debits as (
    select * from {{ ref('base_gocardless__owned_payments') }}
    where
        customer_id is not null
        and entity_id is not null
),

collected as (
    select
        'gocardless:' || id as payment_id,
        'payment' as kind,
        id as payment,
        received_at as occurred_at,
        currency,
        amount as amount_minor,
        greatest(_recorded_at, received_at) as recorded_at
    from debits
    where status in ('confirmed', 'paid_out', 'charged_back')
),

charged_back as (
    select
        'gocardless:' || id || ':charged_back' as payment_id,
        'dispute' as kind,
        id as payment,
        taken_back_at as occurred_at,
        currency,
        amount as amount_minor,
        greatest(_recorded_at, taken_back_at) as recorded_at
    from debits
    where status = 'charged_back'
),

refunded as (
    select
        'gocardless:' || id as payment_id,
        'refund' as kind,
        payment,
        created_at as occurred_at,
        currency,
        amount as amount_minor,
        _recorded_at as recorded_at
    from {{ ref('base_gocardless__refunds') }}
    where status in ('submitted', 'paid')
),

movements as (
    select * from collected
    union all
    select * from charged_back
    union all
    select * from refunded
)

select
    movements.payment_id,
    movements.kind,
    debits.customer_id,
    debits.entity_id,
    debits.invoice_id,
    cast(null as {{ dbt.type_string() }}) as invoice_line_id,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as line_id,
    cast(movements.occurred_at as date) as occurred_on,
    movements.currency,
    movements.amount_minor,
    cast(null as {{ dbt.type_string() }}) as credit_note_id,
    cast(null as {{ dbt.type_string() }}) as method,
    'gocardless' as source_system,
    movements.recorded_at
from movements
inner join debits
    on movements.payment = debits.id
