-- One row per delivered invoice, with its fate in status.
with delivered as (
    select
        invoice_id,
        customer_id,
        entity_id,
        currency,
        issued_on,
        due_on,
        contract_id,
        number,
        coalesce(source_system, 'file_drop') as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__invoices') }}
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

contracts as (
    select
        contract_id,
        known_at
    from {{ ref('int_inputs__contracts') }}
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
        contracts.contract_id as found_contract,
        currencies.minor_units,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.issued_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(customers.known_at, {{ beginning() }}),
            coalesce(entities.known_at, {{ beginning() }}),
            coalesce(contracts.known_at, {{ beginning() }})
        ) as referred_known_at
    from delivered
    left join customers
        on delivered.customer_id = customers.customer_id
    left join entities
        on delivered.entity_id = entities.entity_id
    left join contracts
        on delivered.contract_id = contracts.contract_id
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
            when contract_id is not null and found_contract is null then {{ no_such('contract', 'contract_id') }}
            when minor_units is null then {{ no_such_currency('currency') }}
            {{ repetition_problems(['invoice_id'], 'invoice_id', 'this invoice_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['invoice_id']) }} as row_rank,
        {{ accepted_at(['invoice_id']) }} as accepted_at
    from checked
)

select
    invoice_id,
    customer_id,
    entity_id,
    currency,
    issued_on,
    due_on,
    contract_id,
    number,
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
