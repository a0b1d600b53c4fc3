-- One row per entity and book: the last period that is locked, the last one that is softly closed, and what a soft close lets in (section 9).
with events as (
    select
        events.*,
        row_number() over (partition by entity_id, book, case when kind = 'soft_close' then 'soft' else 'hard' end order by seq desc) as age
    from {{ source('ops', 'period_events') }} as events
    where kind in ('lock', 'reopen', 'soft_close') and known_as_of <= '{{ var("as_of") }}'
),

books as (
    select
        entity_id,
        book
    from {{ ref('entity_books') }}
),

-- Reopening a period reopens every later one, and ends a soft close from before it.
stands as (
    select
        books.entity_id,
        books.book,
        coalesce(case when locks.kind = 'lock' then locks.period_no else locks.period_no - 1 end, 0) as locked_through_no,
        case when soft.seq > coalesce(locks.seq, 0) or locks.kind = 'lock' then coalesce(soft.period_no, 0) else 0 end as soft_through_no,
        soft.causes as soft_causes
    from books
    left join events as locks
        on
            books.entity_id = locks.entity_id
            and books.book = locks.book
            and locks.kind in ('lock', 'reopen')
            and locks.age = 1
    left join events as soft
        on
            books.entity_id = soft.entity_id
            and books.book = soft.book
            and soft.kind = 'soft_close'
            and soft.age = 1
)

select
    entity_id,
    book,
    cast(locked_through_no as {{ dbt.type_bigint() }}) as locked_through_no,
    cast(greatest(soft_through_no, locked_through_no) as {{ dbt.type_bigint() }}) as soft_through_no,
    coalesce(soft_causes, '') as soft_causes
from stands
