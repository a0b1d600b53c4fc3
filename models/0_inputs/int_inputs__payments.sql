-- One row per delivered movement of cash or customer balance, with its fate in status.
{%- set key = ['payment_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_payments') }}
),

customers as (
    select * from {{ ref('int_inputs__customers') }} where is_reference
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

invoices as (
    select * from {{ ref('int_inputs__invoices') }} where is_reference
),

invoice_lines as (
    select * from {{ ref('int_inputs__invoice_lines') }} where is_reference
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
),

lines as (
    select
        contract_id,
        line_id,
        min(known_at) as known_at
    from {{ ref('int_inputs__contract_lines') }}
    where is_reference
    group by contract_id, line_id
),

credit_notes as (
    select * from {{ ref('int_inputs__credit_notes') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        customers.customer_id is not null as has_customer,
        entities.entity_id is not null as has_entity,
        invoices.invoice_id is not null as has_invoice,
        invoice_lines.invoice_line_id is not null as has_invoice_line,
        contracts.contract_id is not null as has_contract,
        lines.line_id is not null as has_line,
        credit_notes.credit_note_id is not null as has_credit_note,
        currencies.currency is not null as has_currency,
        currencies.minor_units,
        {{ delivered_minor('amount') }} as amount_minor,
        {{ recorded_or_start_of('delivered.occurred_on') }} as recorded_at,
        {{ latest_of([
            'customers.known_at', 'entities.known_at', 'invoices.known_at', 'invoice_lines.known_at',
            'contracts.known_at', 'lines.known_at', 'credit_notes.known_at',
        ]) }} as referred_known_at
    from delivered
    left join customers
        on delivered.customer_id = customers.customer_id
    left join entities
        on delivered.entity_id = entities.entity_id
    left join invoices
        on delivered.invoice_id = invoices.invoice_id
    left join invoice_lines
        on delivered.invoice_line_id = invoice_lines.invoice_line_id
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join lines
        on
            delivered.contract_id = lines.contract_id
            and delivered.line_id = lines.line_id
    left join credit_notes
        on delivered.credit_note_id = credit_notes.credit_note_id
    left join currencies
        on delivered.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_customer then {{ no_such('customer', 'customer_id') }}
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            when invoice_id is not null and not has_invoice then {{ no_such('invoice', 'invoice_id') }}
            when invoice_line_id is not null and not has_invoice_line
                then {{ no_such('invoice line', 'invoice_line_id') }}
            when contract_id is not null and not has_contract then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and not has_line then {{ no_such_line() }}
            when credit_note_id is not null and not has_credit_note
                then {{ no_such('credit note', 'credit_note_id') }}
            when not has_currency then {{ no_such_currency('currency') }}
            {{ amount_problems('amount') }}
            when amount_minor <= 0
                then {{ problem('amount', plain_number('amount'), "'amount must be above zero; kind says which way'") }}
            {{ repetition_problems(key, 'payment_id', 'this payment_id') }}
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
