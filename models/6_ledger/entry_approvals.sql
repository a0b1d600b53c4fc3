{{ config(materialized='view') }}
-- One row per draft content with an approval that was not rejected since, in the periods that have drafts: by whom, and when.
with decisions as (
    select *
    from {{ source('ops', 'approvals') }}
    where
        known_as_of <= '{{ var("as_of") }}'
        -- The period is a part of the content; what is posted has its approval with it.
        and posting_period_no in (select period_no from {{ ref('draft_headers') }})
),

rejections as (
    select
        entry_id,
        content_hash,
        max(seq) as seq
    from decisions
    where decision = 'rejected'
    group by entry_id, content_hash
),

approvals as (
    select
        decisions.entry_id,
        decisions.content_hash,
        decisions.actor,
        min(decisions.happened_at) as happened_at
    from decisions
    left join rejections
        on
            decisions.entry_id = rejections.entry_id
            and decisions.content_hash = rejections.content_hash
    where decisions.decision = 'approved' and decisions.seq > coalesce(rejections.seq, 0)
    group by decisions.entry_id, decisions.content_hash, decisions.actor
),

counted as (
    select
        entry_id,
        content_hash,
        count(*) as people,
        max(actor) as approved_by,
        max(happened_at) as approved_at
    from approvals
    group by entry_id, content_hash
),

-- Most are approved by one person, whose name needs no list.
listed as (
    select
        approvals.entry_id,
        approvals.content_hash,
        {{ dbt.listagg('approvals.actor', "', '", 'order by approvals.happened_at, approvals.actor') }} as approved_by
    from approvals
    inner join counted
        on
            approvals.entry_id = counted.entry_id
            and approvals.content_hash = counted.content_hash
    where counted.people > 1
    group by approvals.entry_id, approvals.content_hash
)

select
    counted.entry_id,
    counted.content_hash,
    counted.people,
    coalesce(listed.approved_by, counted.approved_by) as approved_by,
    counted.approved_at
from counted
left join listed
    on
        counted.entry_id = listed.entry_id
        and counted.content_hash = listed.content_hash
