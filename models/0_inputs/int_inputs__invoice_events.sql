-- One row per delivered event of an invoice, with its fate in status.
{%- set key = ['event_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_invoice_events') }}
),

invoices as (
    select * from {{ ref('int_inputs__invoices') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        invoices.invoice_id is not null as has_invoice,
        invoices.entity_id,
        invoices.currency,
        currencies.minor_units,
        {{ delivered_minor('amount') }} as amount_minor,
        {{ recorded_or_start_of('delivered.occurred_on') }} as recorded_at,
        {{ latest_of(['invoices.known_at']) }} as referred_known_at
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
            when not has_invoice then {{ no_such('invoice', 'invoice_id') }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(key, 'event_id', 'this event_id') }}
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
