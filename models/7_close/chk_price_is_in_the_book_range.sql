-- One row per line sold outside the range of its standalone price: a discount allocation that may look off.
with contracts as (
    select * from {{ ref('contracts') }}
),

terms as (
    select * from {{ ref('contract_terms') }}
    where amount_minor > 0
),

price_book as (
    select * from {{ ref('price_book_lines') }}
)

select
    contracts.entity_id,
    contracts.book,
    'price_is_in_the_book_range' as rule,
    'info' as severity,
    contracts.inception_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', terms.line_id) as source_id,
    concat(
        cast({{ to_major('price_book.low_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' to ',
        cast({{ to_major('price_book.high_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }})
    ) as expected,
    cast({{ to_major('terms.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'Line ', terms.line_id, ' of contract ', contracts.contract_id, ' sells for ',
        cast({{ to_major('terms.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ', outside the range of its standalone price.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from terms
inner join contracts
    on terms.contract_key = contracts.contract_key
inner join price_book
    on
        terms.line_key = price_book.line_key
        and terms.version = price_book.version
where terms.amount_minor < price_book.low_minor or terms.amount_minor > price_book.high_minor
