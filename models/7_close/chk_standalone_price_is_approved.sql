-- One row per entity, product and currency whose standalone prices are used and name nobody who approved them (invariant 23).
with used as (
    select
        contracts.entity_id,
        contracts.book,
        lines.product_id,
        contracts.currency,
        min(lines.priced_on) as priced_on,
        min(contracts.contract_id) as contract_id,
        min(contracts.recorded_at) as recorded_at,
        count(*) as line_count
    from {{ ref('price_book_lines') }} as price_book
    inner join {{ ref('known_version_lines') }} as lines
        on
            price_book.line_key = lines.line_key
            and price_book.version = lines.version
    inner join {{ ref('known_contracts') }} as contracts
        on lines.contract_key = contracts.contract_key
    where price_book.approved_by is null
    group by contracts.entity_id, contracts.book, lines.product_id, contracts.currency
)

select
    entity_id,
    book,
    'standalone_price_is_approved' as rule,
    'review' as severity,
    priced_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(entity_id, ':', product_id, ':', currency) as source_id,
    'a price with approved_by' as expected,
    'a price nobody approved' as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' lines share their price by a standalone price of ', product_id, ' in ', currency,
        ' that names nobody who approved it.'
    ) as explanation,
    recorded_at as first_seen_at
from used
