-- One row per delivered credit note, with its fate in status.
{%- set key = ['credit_note_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_credit_notes') }}
),

customers as (
    select * from {{ ref('int_inputs__customers') }} where is_reference
),

invoices as (
    select * from {{ ref('int_inputs__invoices') }} where is_reference
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

joined as (
    select
        delivered.*,
        customers.customer_id is not null as has_customer,
        invoices.invoice_id is not null as has_invoice,
        coalesce(invoices.entity_id, customers.entity_id) as entity_id,
        -- Without an invoice to credit it is in the currency of the customer's entity.
        coalesce(invoices.currency, entities.functional_currency) as currency,
        {{ recorded_or_start_of('delivered.issued_on') }} as recorded_at,
        {{ latest_of(['customers.known_at', 'invoices.known_at']) }} as referred_known_at
    from delivered
    left join customers
        on delivered.customer_id = customers.customer_id
    left join invoices
        on delivered.invoice_id = invoices.invoice_id
    left join entities
        on customers.entity_id = entities.entity_id
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_customer then {{ no_such('customer', 'customer_id') }}
            when invoice_id is not null and not has_invoice then {{ no_such('invoice', 'invoice_id') }}
            {{ repetition_problems(key, 'credit_note_id', 'this credit_note_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
