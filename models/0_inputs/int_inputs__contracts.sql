-- One row per delivered contract, with its fate in status.
{%- set key = ['contract_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_contracts') }}
),

customers as (
    select * from {{ ref('int_inputs__customers') }} where is_reference
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        customers.customer_id is not null as has_customer,
        entities.entity_id is not null as has_entity,
        currencies.currency is not null as has_currency,
        {{ recorded_or_start_of('delivered.signed_on') }} as recorded_at,
        {{ latest_of(['customers.known_at', 'entities.known_at']) }} as referred_known_at
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
        greatest(recorded_at, referred_known_at) as own_known_at,
        case
            when not has_customer then {{ no_such('customer', 'customer_id') }}
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            when not has_currency then {{ no_such_currency('currency') }}
            {{ repetition_problems(key, 'contract_id', 'this contract_id') }}
        end as own_problem
    from joined
),

-- A row may refer to another one of its own table.
peers as (
    select
        contract_id,
        min(own_known_at) as known_at
    from checked
    where own_problem is null
    group by contract_id
),

related as (
    select
        checked.*,
        case
            when checked.own_problem is not null then checked.own_problem
            when checked.combine_with is not null and peers.contract_id is null
                then {{ no_such('contract', 'checked.combine_with') }}
        end as problem,
        {{ latest_of(['checked.own_known_at', 'peers.known_at']) }} as known_at
    from checked
    left join peers
        on checked.combine_with = peers.contract_id
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from related
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
