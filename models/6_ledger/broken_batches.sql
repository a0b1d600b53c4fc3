{{ config(materialized='view') }}
-- One row per posted batch whose lines are not those that were posted, by their number and sums; none, as long as nobody touched the ledger.
with found as (
    select
        lines.batch_id,
        count(*) as line_count,
        {{ posted_checksum() }} as amount_checksum
    from {{ source('ops', 'posted_journal_lines') }} as lines
    group by lines.batch_id
)

select
    posted.entity_id,
    posted.book,
    posted.batch_id,
    posted.posting_period_no,
    posted.posted_at,
    posted.line_count as lines_posted,
    coalesce(found.line_count, 0) as lines_found
from {{ source('ops', 'posted_batches') }} as posted
left join found
    on posted.batch_id = found.batch_id
where
    found.batch_id is null
    or found.line_count <> posted.line_count
    or found.amount_checksum <> posted.amount_checksum
