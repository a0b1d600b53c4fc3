-- One row per promised line, and per line that is only posted: the ids and dimensions its postings carry.
with terms as (
    select * from {{ ref('contract_terms') }}
),

obligation_lines as (
    select
        line_key,
        obligation_id
    from {{ ref('obligation_lines') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

products as (
    select
        product_id,
        revenue_stream
    from {{ ref('input_products') }}
),

promised as (
    select
        terms.line_key,
        terms.contract_key,
        terms.line_id,
        terms.line_no,
        obligation_lines.obligation_id,
        terms.product_id,
        products.revenue_stream,
        contracts.entity_id,
        contracts.book,
        contracts.currency,
        contracts.region
    from terms
    inner join contracts
        on terms.contract_key = contracts.contract_key
    left join obligation_lines
        on terms.line_key = obligation_lines.line_key
    left join products
        on terms.product_id = products.product_id
),

posted as (
    select
        posted.line_key,
        max(posted.contract_key) as contract_key,
        max(posted.line_id) as line_id,
        max(posted.contract_line_no) as line_no,
        max(posted.obligation_id) as obligation_id,
        max(posted.product_id) as product_id,
        max(posted.revenue_stream) as revenue_stream,
        max(posted.entity_id) as entity_id,
        max(posted.book) as book,
        max(posted.currency) as currency,
        max(posted.region) as region
    from {{ ref('posted_postings') }} as posted
    left join terms
        on posted.line_key = terms.line_key
    where posted.line_key is not null and terms.line_key is null
    group by posted.line_key
),

lines as (
    select * from promised
    union all
    select * from posted
)

select
    line_key,
    contract_key,
    line_id,
    line_no,
    obligation_id,
    product_id,
    revenue_stream,
    {{ text_key(['entity_id', 'book', 'currency', 'region', 'product_id', 'revenue_stream']) }} as dimension_key
from lines
