-- One row per delivered invoice, with its fate in status.
{%- set key = ['invoice_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_invoices') }}
),

customers as (
    select * from {{ ref('int_inputs__customers') }} where is_reference
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        customers.customer_id is not null as has_customer,
        entities.entity_id is not null as has_entity,
        contracts.contract_id is not null as has_contract,
        currencies.currency is not null as has_currency,
        {{ recorded_or_start_of('delivered.issued_on') }} as recorded_at,
        {{ latest_of(['customers.known_at', 'entities.known_at', 'contracts.known_at']) }} as referred_known_at
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
            when not has_customer then {{ no_such('customer', 'customer_id') }}
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            when contract_id is not null and not has_contract then {{ no_such('contract', 'contract_id') }}
            when not has_currency then {{ no_such_currency('currency') }}
            {{ repetition_problems(key, 'invoice_id', 'this invoice_id') }}
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
