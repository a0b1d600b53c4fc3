-- One row per delivered contract, with its fate in status.
with delivered as (
    select
        contract_id,
        customer_id,
        entity_id,
        currency,
        signed_on,
        combine_with,
        netting_group,
        coalesce(source_system, 'file_drop') as source_system,
        source_id,
        document_url,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__contracts') }}
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
        currencies.minor_units,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.signed_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(customers.known_at, {{ beginning() }}),
            coalesce(entities.known_at, {{ beginning() }})
        ) as referred_known_at
    from delivered
    left join customers
        on delivered.customer_id = customers.customer_id
    left join entities
        on delivered.entity_id = entities.entity_id
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
            when minor_units is null then {{ no_such_currency('currency') }}
            {{ repetition_problems(['contract_id'], 'contract_id', 'this contract_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['contract_id']) }} as row_rank,
        {{ accepted_at(['contract_id']) }} as accepted_at
    from checked
)

select
    contract_id,
    customer_id,
    entity_id,
    currency,
    signed_on,
    combine_with,
    netting_group,
    source_system,
    source_id,
    document_url,
    recorded_at,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
