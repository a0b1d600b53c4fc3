-- One row per line that is only posted, since no terms promise it any more: the ids and dimensions its postings carry.
with terms as (
    select line_key from {{ ref('known_contract_terms') }}
),

-- One number of each posted line is read to find out that nothing else has to be: lines that are no more are few.
posted_keys as (
    select distinct line_key
    from {{ ref('posted_postings') }}
),

only_posted as (
    select posted_keys.line_key
    from posted_keys
    left join terms
        on posted_keys.line_key = terms.line_key
    where terms.line_key is null
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
    inner join only_posted
        on posted.line_key = only_posted.line_key
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
