-- One row per delivered standalone selling price, with its fate in status.
with delivered as (
    select
        product_id,
        currency,
        valid_from,
        valid_to,
        region,
        segment,
        term_months,
        unit,
        low,
        price,
        high,
        method,
        residual_weight,
        approved_by,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__standalone_selling_prices') }}
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
        currency,
        minor_units
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        products.product_id as found_product,
        currencies.minor_units,
        {{ to_minor('delivered.low', 'currencies.minor_units') }} as low_minor,
        {{ to_minor('delivered.price', 'currencies.minor_units') }} as price_minor,
        {{ to_minor('delivered.high', 'currencies.minor_units') }} as high_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.valid_from') }}, {{ beginning() }}) as recorded_at,
        coalesce(products.known_at, {{ beginning() }}) as referred_known_at
    from delivered
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
            when found_product is null then {{ no_such('product', 'product_id') }}
            when minor_units is null then {{ no_such_currency('currency') }}
            when valid_to < valid_from then {{ problem('valid_to', 'valid_to', "'valid_to is before valid_from'") }}
            {{ amount_problems('price') }}
            {{ amount_problems('low') }}
            {{ amount_problems('high') }}
            {{ repetition_problems(['product_id', 'currency', 'valid_from', 'region', 'segment', 'term_months'], 'product_id', 'this price') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['product_id', 'currency', 'valid_from', 'region', 'segment', 'term_months']) }} as row_rank,
        {{ accepted_at(['product_id', 'currency', 'valid_from', 'region', 'segment', 'term_months']) }} as accepted_at
    from checked
)

select
    product_id,
    currency,
    valid_from,
    valid_to,
    region,
    segment,
    term_months,
    unit,
    low_minor,
    price_minor,
    high_minor,
    method,
    residual_weight,
    approved_by,
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
