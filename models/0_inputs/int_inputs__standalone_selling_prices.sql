-- One row per delivered standalone selling price, with its fate in status.
{%- set key = ['product_id', 'currency', 'valid_from', 'region', 'segment', 'term_months'] %}
{%- set last_day = "coalesce(valid_to, cast('9999-12-31' as date))" %}
{%- set same_sale = 'partition by product_id, currency, region, segment, term_months order by valid_from' %}
with delivered as (
    select * from {{ ref('stg_file_drop__standalone_selling_prices') }}
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
        products.product_id is not null as has_product,
        currencies.currency is not null as has_currency,
        currencies.minor_units,
        {{ to_minor('delivered.low', 'currencies.minor_units') }} as low_minor,
        {{ to_minor('delivered.price', 'currencies.minor_units') }} as price_minor,
        {{ to_minor('delivered.high', 'currencies.minor_units') }} as high_minor,
        {{ recorded_or_start_of('delivered.valid_from') }} as recorded_at,
        {{ latest_of(['products.known_at']) }} as referred_known_at
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
            when not has_product then {{ no_such('product', 'product_id') }}
            when not has_currency then {{ no_such_currency('currency') }}
            when valid_to < valid_from
                then {{ problem('valid_to', 'valid_to', "'valid_to is before valid_from'") }}
            {{ amount_problems('low') }}
            {{ amount_problems('price') }}
            {{ amount_problems('high') }}
            when low > price then {{ problem('low', 'low', "'low is above price'") }}
            when high < price then {{ problem('high', 'high', "'high is below price'") }}
            {{ repetition_problems(key, 'valid_from', 'this price') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
),

fated as (
    select
        *,
        {{ row_status() }} as status
    from ranked
),

-- Of the prices in force, those before and after one for the same product, currency, region, segment and term.
compared as (
    select
        *,
        max(case when status = 'accepted' then {{ last_day }} end) over (
            {{ same_sale }} rows between unbounded preceding and 1 preceding
        ) as earlier_last_day,
        min(case when status = 'accepted' then valid_from end) over (
            {{ same_sale }} rows between 1 following and unbounded following
        ) as later_valid_from
    from fated
),

-- Two of them on one day are a tie: nothing says which price counts.
tied as (
    select
        *,
        status = 'accepted' and (earlier_last_day >= valid_from or later_valid_from <= {{ last_day }}) as is_tied
    from compared
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
    case
        when is_tied
            then {{ problem(
                'valid_from', 'valid_from',
                "'another price of product ' || " ~ quoted('product_id') ~ " || ' is valid then; end one with valid_to'"
            ) }}
        else problem
    end as problem,
    case when is_tied then 'rejected' else status end as status
from tied
