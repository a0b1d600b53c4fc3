-- A line without an entry has no date and nobody approves it; an entry without lines posts nothing. Of the contracts to check.
with asked as (
    select entry_id
    from {{ ref('journal_lines') }}
    where {{ is_to_check() }}
    union distinct
    select entry_id
    from {{ ref('journal_entries') }}
    where {{ is_to_check() }}
),

lines as (
    select distinct
        entity_id,
        book,
        entry_id
    from {{ ref('journal_lines') }}
    where entry_id in (select entry_id from asked)
),

entries as (
    select
        entity_id,
        book,
        entry_id
    from {{ ref('journal_entries') }}
    where entry_id in (select entry_id from asked)
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
