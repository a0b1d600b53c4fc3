-- One row per line that is only posted, since no terms promise it any more: the ids and dimensions its postings carry.
with terms as (
    select line_key from {{ ref('known_contract_terms') }}
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
from posted
