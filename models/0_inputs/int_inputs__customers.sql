-- One row per delivered customer, with its fate in status.
{%- set key = ['customer_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_customers') }}
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

joined as (
    select
        delivered.*,
        entities.entity_id is not null as has_entity,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at,
        {{ latest_of(['entities.known_at']) }} as referred_known_at
    from delivered
    left join entities
        on delivered.entity_id = entities.entity_id
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as own_known_at,
        case
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            {{ repetition_problems(key, 'customer_id', 'this customer_id', is_dated=false) }}
        end as own_problem
    from joined
),

-- A row may refer to another one of its own table.
peers as (
    select
        customer_id,
        min(own_known_at) as known_at
    from checked
    where own_problem is null
    group by customer_id
),

related as (
    select
        checked.*,
        case
            when checked.own_problem is not null then checked.own_problem
            when checked.parent_customer_id is not null and peers.customer_id is null
                then {{ no_such('customer', 'checked.parent_customer_id') }}
        end as problem,
        {{ latest_of(['checked.own_known_at', 'peers.known_at']) }} as known_at
    from checked
    left join peers
        on checked.parent_customer_id = peers.customer_id
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
