{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per version and line with a price in the book: the most specific row valid when it was agreed, for its quantity and term.
with terms as (
    select * from {{ ref('version_lines') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

prices as (
    select * from {{ ref('input_standalone_selling_prices') }}
),

lines as (
    select
        terms.contract_key,
        terms.line_key,
        terms.version,
        terms.product_id,
        terms.quantity,
        contracts.currency,
        contracts.region,
        contracts.segment,
        -- Frozen at inception for changes of the price, refreshed at a modification (606-10-32-43).
        terms.priced_on,
        -- The term in months of thirty days: whole months come out whole.
        {{ days_360('terms.starts_on', 'terms.ends_on') }} as days_360
    from terms
    inner join contracts
        on terms.contract_key = contracts.contract_key
    where not terms.is_discount
),

candidates as (
    select
        lines.contract_key,
        lines.line_key,
        lines.version,
        lines.quantity,
        lines.days_360,
        prices.unit,
        prices.method,
        prices.residual_weight,
        prices.low_minor,
        prices.price_minor,
        prices.high_minor,
        prices.approved_by,
        row_number() over (
            partition by lines.line_key, lines.version
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
            and lines.priced_on >= prices.valid_from
            and (prices.valid_to is null or lines.priced_on <= prices.valid_to)
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
    contract_key,
    line_key,
    version,
    method,
    residual_weight,
    approved_by,
    {{ priced_quantity('low_minor') }} as low_minor,
    {{ priced_quantity('price_minor') }} as price_minor,
    {{ priced_quantity('high_minor') }} as high_minor
from chosen
