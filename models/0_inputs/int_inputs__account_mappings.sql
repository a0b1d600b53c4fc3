-- One row per delivered account mapping, with its fate in status.
{%- set key = ['role', 'entity_id', 'product_id', 'revenue_stream', 'region', 'currency', 'book', 'effective_on'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__account_mappings') }}
),

roles as (
    select * from {{ ref('account_roles') }}
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

products as (
    select * from {{ ref('int_inputs__products') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        roles.role is not null as has_role,
        entities.entity_id is not null as has_entity,
        products.product_id is not null as has_product,
        currencies.currency is not null as has_currency,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at,
        {{ latest_of(['entities.known_at', 'products.known_at']) }} as referred_known_at
    from delivered
    left join roles
        on delivered.role = roles.role
    left join entities
        on delivered.entity_id = entities.entity_id
    left join products
        on delivered.product_id = products.product_id
    left join currencies
        on delivered.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_role then {{ no_such_role() }}
            when entity_id is not null and not has_entity then {{ no_such('entity', 'entity_id') }}
            when product_id is not null and not has_product then {{ no_such('product', 'product_id') }}
            when currency is not null and not has_currency then {{ no_such_currency('currency') }}
            {{ repetition_problems(key, 'account_code', 'this combination of role and selectors', is_dated=false) }}
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
