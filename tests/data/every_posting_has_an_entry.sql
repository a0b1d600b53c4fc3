-- A line without an entry has no date and nobody approves it; an entry without lines posts nothing.
with lines as (
    select distinct
        entity_id,
        book,
        entry_id
    from {{ ref('journal_lines') }}
    where
        {{ is_to_check('entry_id', by='entry_id', entries=ref('journal_lines')) }}
        or {{ is_to_check('entry_id', by='entry_id', entries=ref('journal_entries')) }}
),

entries as (
    select
        entity_id,
        book,
        entry_id
    from {{ ref('journal_entries') }}
    where
        {{ is_to_check('entry_id', by='entry_id', entries=ref('journal_lines')) }}
        or {{ is_to_check('entry_id', by='entry_id', entries=ref('journal_entries')) }}
)

select
    coalesce(lines.entry_id, entries.entry_id) as entry_id,
    case when entries.entry_id is null then 'no entry' else 'no lines' end as problem
from lines
full outer join entries
    on
        lines.entity_id = entries.entity_id
        and lines.book = entries.book
        and lines.entry_id = entries.entry_id
where lines.entry_id is null or entries.entry_id is null
