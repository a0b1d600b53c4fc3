-- One row per version and line whose product has standalone prices, none of them in force when it was agreed (invariant 23).
with contracts as (
    select * from {{ ref('contracts') }}
),

lines as (
    select
        version_lines.*,
        count(*) over (partition by contract_key, version) as line_count
    from {{ ref('version_lines') }} as version_lines
    where not is_discount and recognition_method not in ('usage', 'as_invoiced', 'on_invoice')
),

priced_products as (
    select distinct
        product_id,
        currency
    from {{ ref('input_standalone_selling_prices') }}
),

-- A price of its own needs no price book, nor does a line that shares with no other.
unpriced as (
    select lines.*
    from lines
    left join {{ ref('price_book_lines') }} as price_book
        on
            lines.line_key = price_book.line_key
            and lines.version = price_book.version
    where price_book.line_key is null and lines.ssp_minor is null and lines.line_count > 1
)

select
    contracts.entity_id,
    contracts.book,
    'standalone_price_is_valid' as rule,
    'block' as severity,
    unpriced.priced_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', cast(unpriced.version as {{ dbt.type_string() }}), ':', unpriced.line_id) as source_id,
    concat('a price of ', unpriced.product_id, ' in force on ', cast(unpriced.priced_on as {{ dbt.type_string() }})) as expected,
    'none' as actual,
    concat(
        'Line ', unpriced.line_id, ' of contract ', contracts.contract_id, ' shares the price by what it sells for: none of the standalone prices of ',
        unpriced.product_id, ' in ', contracts.currency, ' is for ', cast(unpriced.priced_on as {{ dbt.type_string() }}), ', its region and its term.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from unpriced
inner join contracts
    on unpriced.contract_key = contracts.contract_key
inner join priced_products
    on
        unpriced.product_id = priced_products.product_id
        and contracts.currency = priced_products.currency
