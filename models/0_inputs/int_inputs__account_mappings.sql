-- One row per delivered account mapping, with its fate in status.
with delivered as (
    select
        role,
        account_code,
        account_name,
        entity_id,
        product_id,
        revenue_stream,
        region,
        currency,
        book,
        effective_on,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__account_mappings') }}
),

roles as (
    select
        role
    from {{ ref('account_roles') }}
),

entities as (
    select
        entity_id,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

products as (
    select
        product_id,
        known_at
    from {{ ref('int_inputs__products') }}
    where is_reference
),

currencies as (
    select
        currency
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        roles.role as found_role,
        entities.entity_id as found_entity,
        products.product_id as found_product,
        currencies.currency as found_currency,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(entities.known_at, {{ beginning() }}),
            coalesce(products.known_at, {{ beginning() }})
        ) as referred_known_at
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
            when found_role is null then {{ no_such('role', 'role') }}
            when entity_id is not null and found_entity is null then {{ no_such('entity', 'entity_id') }}
            when product_id is not null and found_product is null then {{ no_such('product', 'product_id') }}
            when currency is not null and found_currency is null then {{ no_such_currency('currency') }}
            {{ repetition_problems(['role', 'entity_id', 'product_id', 'revenue_stream', 'region', 'currency', 'book', 'effective_on'], 'role', 'this mapping') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['role', 'entity_id', 'product_id', 'revenue_stream', 'region', 'currency', 'book', 'effective_on']) }} as row_rank,
        {{ accepted_at(['role', 'entity_id', 'product_id', 'revenue_stream', 'region', 'currency', 'book', 'effective_on']) }} as accepted_at
    from checked
)

select
    role,
    account_code,
    account_name,
    entity_id,
    product_id,
    revenue_stream,
    region,
    currency,
    book,
    effective_on,
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
