-- One row per delivered movement of cash or customer balance, with its fate in status.
with delivered as (
    select
        payment_id,
        kind,
        customer_id,
        entity_id,
        invoice_id,
        invoice_line_id,
        contract_id,
        line_id,
        occurred_on,
        currency,
        amount,
        credit_note_id,
        method,
        coalesce(source_system, 'file_drop') as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__payments') }}
),

customers as (
    select
        customer_id,
        known_at
    from {{ ref('int_inputs__customers') }}
    where is_reference
),

entities as (
    select
        entity_id,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

invoices as (
    select
        invoice_id,
        known_at
    from {{ ref('int_inputs__invoices') }}
    where is_reference
),

invoice_lines as (
    select
        invoice_line_id,
        known_at
    from {{ ref('int_inputs__invoice_lines') }}
    where is_reference
),

contracts as (
    select
        contract_id,
        known_at
    from {{ ref('int_inputs__contracts') }}
    where is_reference
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
    select
        credit_note_id,
        known_at
    from {{ ref('int_inputs__credit_notes') }}
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
        customers.customer_id as found_customer,
        entities.entity_id as found_entity,
        invoices.invoice_id as found_invoice,
        invoice_lines.invoice_line_id as found_invoice_line,
        contracts.contract_id as found_contract,
        lines.line_id as found_line,
        credit_notes.credit_note_id as found_credit_note,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.occurred_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(customers.known_at, {{ beginning() }}),
            coalesce(entities.known_at, {{ beginning() }}),
            coalesce(invoices.known_at, {{ beginning() }}),
            coalesce(invoice_lines.known_at, {{ beginning() }}),
            coalesce(contracts.known_at, {{ beginning() }}),
            coalesce(lines.known_at, {{ beginning() }}),
            coalesce(credit_notes.known_at, {{ beginning() }})
        ) as referred_known_at
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
            when found_customer is null then {{ no_such('customer', 'customer_id') }}
            when found_entity is null then {{ no_such('entity', 'entity_id') }}
            when invoice_id is not null and found_invoice is null then {{ no_such('invoice', 'invoice_id') }}
            when invoice_line_id is not null and found_invoice_line is null
                then {{ no_such('invoice line', 'invoice_line_id') }}
            when contract_id is not null and found_contract is null then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and found_line is null then {{ no_such('line', 'line_id') }}
            when credit_note_id is not null and found_credit_note is null
                then {{ no_such('credit note', 'credit_note_id') }}
            when minor_units is null then {{ no_such_currency('currency') }}
            {{ amount_problems('amount') }}
            when amount_minor <= 0
                then {{ problem('amount', 'amount_minor', "'amount must be above zero: the kind says which way the cash went'") }}
            {{ repetition_problems(['payment_id'], 'payment_id', 'this payment_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['payment_id']) }} as row_rank,
        {{ accepted_at(['payment_id']) }} as accepted_at
    from checked
)

select
    payment_id,
    kind,
    customer_id,
    entity_id,
    invoice_id,
    invoice_line_id,
    contract_id,
    line_id,
    occurred_on,
    currency,
    amount_minor,
    credit_note_id,
    method,
    source_system,
    recorded_at,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
