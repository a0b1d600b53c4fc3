-- One row per delivered event of an invoice, with its fate in status.
with delivered as (
    select
        event_id,
        invoice_id,
        kind,
        occurred_on,
        amount,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__invoice_events') }}
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

currencies as (
    select
        currency,
        minor_units
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        invoices.invoice_id as found_invoice,
        invoices.entity_id,
        invoices.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.occurred_on') }}, {{ beginning() }}) as recorded_at,
        coalesce(invoices.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join invoices
        on delivered.invoice_id = invoices.invoice_id
    left join currencies
        on invoices.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_invoice is null then {{ no_such('invoice', 'invoice_id') }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(['event_id'], 'event_id', 'this event_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['event_id']) }} as row_rank,
        {{ accepted_at(['event_id']) }} as accepted_at
    from checked
)

select
    event_id,
    invoice_id,
    kind,
    occurred_on,
    amount_minor,
    source_system,
    recorded_at,
    entity_id,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
