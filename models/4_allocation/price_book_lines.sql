-- One row per line with a price in the book: the most specific row valid at inception, for the line's quantity and term.
with terms as (
    select * from {{ ref('contract_terms') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

prices as (
    select * from {{ ref('input_standalone_selling_prices') }}
),

lines as (
    select
        terms.line_key,
        terms.product_id,
        terms.quantity,
        contracts.currency,
        contracts.region,
        contracts.segment,
        contracts.inception_on,
        -- The term in months of thirty days: whole months come out whole.
        {{ days_360('terms.starts_on', 'terms.ends_on') }} as days_360
    from terms
    inner join contracts
        on terms.contract_key = contracts.contract_key
    where not terms.is_discount
),

candidates as (
    select
        lines.line_key,
        lines.quantity,
        lines.days_360,
        prices.unit,
        prices.low_minor,
        prices.price_minor,
        prices.high_minor,
        row_number() over (
            partition by lines.line_key
            order by
                case when prices.region is null then 1 else 0 end,
                case when prices.segment is null then 1 else 0 end,
                case when prices.term_months is null then 1 else 0 end,
                prices.valid_from desc
        ) as preference
    from lines
    inner join prices
        on
            lines.product_id = prices.product_id
            and lines.currency = prices.currency
            and lines.inception_on >= prices.valid_from
            and (prices.valid_to is null or lines.inception_on <= prices.valid_to)
            and (prices.region is null or prices.region = lines.region)
            and (prices.segment is null or prices.segment = lines.segment)
            and (prices.term_months is null or prices.term_months * 30 = lines.days_360)
),

chosen as (
    select
        candidates.*,
        case when unit in ('month', 'year') then days_360 else 1 end as priced_days,
        case unit when 'month' then 30 when 'year' then 360 else 1 end as unit_days
    from candidates
    where preference = 1
)

select
    line_key,
    {{ priced_quantity('low_minor') }} as low_minor,
    {{ priced_quantity('price_minor') }} as price_minor,
    {{ priced_quantity('high_minor') }} as high_minor
from chosen
