{{ config(materialized='view') }}
-- One row per posted batch whose lines are not those that were posted, or whose entries do not balance; none, as long as nobody touched the ledger.
with lines as (
    select * from {{ source('ops', 'posted_journal_lines') }}
),

found as (
    select
        lines.batch_id,
        count(*) as line_count,
        {{ posted_checksum() }} as amount_checksum
    from lines
    group by lines.batch_id
),

entries as (
    select
        lines.batch_id,
        lines.entry_id,
        sum(lines.amount_minor) as amount_minor,
        sum(lines.functional_minor) as functional_minor
    from lines
    group by lines.batch_id, lines.entry_id
),

unbalanced as (
    select
        batch_id,
        min(entry_id) as entry_id
    from entries
    where amount_minor <> 0 or functional_minor <> 0
    group by batch_id
)

select
    posted.entity_id,
    posted.book,
    posted.batch_id,
    posted.posting_period_no,
    posted.posted_at,
    posted.line_count as lines_posted,
    coalesce(found.line_count, 0) as lines_found,
    unbalanced.entry_id as unbalanced_entry_id
from {{ source('ops', 'posted_batches') }} as posted
left join found
    on posted.batch_id = found.batch_id
left join unbalanced
    on posted.batch_id = unbalanced.batch_id
where
    found.batch_id is null
    or found.line_count <> posted.line_count
    or found.amount_checksum <> posted.amount_checksum
    or unbalanced.batch_id is not null
