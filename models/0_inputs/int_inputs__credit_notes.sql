-- One row per delivered credit note, with its fate in status.
with delivered as (
    select
        credit_note_id,
        invoice_id,
        customer_id,
        issued_on,
        reason,
        settled_by,
        voided_on,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__credit_notes') }}
),

customers as (
    select
        customer_id,
        entity_id,
        known_at
    from {{ ref('int_inputs__customers') }}
    where is_reference
),

invoices as (
    select
        invoice_id,
        entity_id,
        currency,
        known_at
    from {{ ref('int_inputs__invoices') }}
    where is_reference
),

entities as (
    select
        entity_id,
        functional_currency,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

joined as (
    select
        delivered.*,
        customers.customer_id as found_customer,
        invoices.invoice_id as found_invoice,
        entities.entity_id as found_entity,
        coalesce(invoices.entity_id, customers.entity_id) as entity_id,
        coalesce(invoices.currency, entities.functional_currency) as currency,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.issued_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(customers.known_at, {{ beginning() }}),
            coalesce(invoices.known_at, {{ beginning() }}),
            coalesce(entities.known_at, {{ beginning() }})
        ) as referred_known_at
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
            when found_customer is null then {{ no_such('customer', 'customer_id') }}
            when invoice_id is not null and found_invoice is null then {{ no_such('invoice', 'invoice_id') }}
            {{ repetition_problems(['credit_note_id'], 'credit_note_id', 'this credit_note_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['credit_note_id']) }} as row_rank,
        {{ accepted_at(['credit_note_id']) }} as accepted_at
    from checked
)

select
    credit_note_id,
    invoice_id,
    customer_id,
    issued_on,
    reason,
    settled_by,
    voided_on,
    source_system,
    recorded_at,
    entity_id,
    currency,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
