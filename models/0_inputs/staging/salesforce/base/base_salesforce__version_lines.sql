{{ config(materialized='ephemeral') }}
-- One row per line of an activated order, with what is wrong with it; nothing is rounded to fit the currency.
with items as (
    select * from {{ ref('base_salesforce__order_items') }}
),

versions as (
    select * from {{ ref('base_salesforce__versions') }}
),

products as (
    select * from {{ ref('base_salesforce__products') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        items.id,
        versions.contract_id,
        versions.version,
        coalesce(items.line, items.id) as line_id,
        products.product_code as product_id,
        items.quantity,
        items.unit_price,
        items.total_price,
        items.total_price * cast(
            case currencies.minor_units when 0 then 1 when 2 then 100 when 3 then 1000 when 4 then 10000 end
            as decimal(5, 0)
        ) as scaled,
        coalesce(items.service_date, versions.effective_date) as starts_on,
        items.end_date as ends_on,
        lower(items.billing_frequency) as billing_frequency,
        lower(items.billing_timing) as billing_timing,
        greatest(items._recorded_at, versions.recorded_at) as recorded_at
    from items
    inner join versions
        on items.order_id = versions.id
    left join products
        on items.product2_id = products.id
    left join currencies
        on versions.currency = currencies.currency
)

select
    *,
    case when product_id is null then 'product_id' else 'amount' end as wrong_column,
    case
        when product_id is null then 'the product of the order line has no ProductCode, which is its id in the books'
        when total_price is null then 'the order line has no TotalPrice'
        when scaled is null then 'the currency of the contract is not one that revrec knows'
        when scaled <> floor(scaled) then 'TotalPrice has more digits than its currency; correct it in Salesforce'
    end as wrong
from joined
