{{ config(post_hook=[
    "{{ note_contracts(source('state', 'built_states'), this) }}",
    "{{ unmark_built(source('state', 'built_states'), 'draft_state', this) }}",
]) }}
-- One row per contract whose drafts are made anew: its target changed, what is posted of it did, or a period of its drafts was closed or opened.
with built as (
    select * from {{ source('state', 'built_states') }}
),

first_drafts as (
    select
        contract_key,
        min(first_period_no) as first_period_no,
        max(closed_through_no) as closed_through_no
    from {{ source('state', 'built_drafts') }}
    group by contract_key
),

seen as (
    select
        batch_id,
        posting_period_no
    from {{ source('state', 'built_batches') }}
),

batches as (
    select * from {{ source('ops', 'posted_batches') }}
),

-- What was posted since the drafts were made, or is not known yet at the moment of this build.
news as (
    select
        coalesce(known.batch_id, seen.batch_id) as batch_id,
        coalesce(known.posting_period_no, seen.posting_period_no) as posting_period_no
    from (select * from batches where known_as_of <= '{{ var("as_of") }}') as known
    full outer join seen
        on known.batch_id = seen.batch_id
    where known.batch_id is null or seen.batch_id is null
),

-- Of a batch that is gone nobody can say whose it was.
gone as (
    select count(*) as batches
    from seen
    left join batches
        on seen.batch_id = batches.batch_id
    where batches.batch_id is null
),

moved as (
    select lines.contract_key
    from {{ source('ops', 'posted_journal_lines') }} as lines
    inner join news
        on
            lines.posting_period_no = news.posting_period_no
            and lines.batch_id = news.batch_id
    union distinct
    select states.contract_key
    from {{ ref('draft_states') }} as states
    cross join gone
    left join built
        on states.contract_key = built.contract_key
    left join first_drafts
        on states.contract_key = first_drafts.contract_key
    where
        built.draft_state is null
        or gone.batches > 0
        -- What belongs to a later period than any that is or was closed is drafted the same way.
        or (
            built.draft_state <> states.draft_state
            and first_drafts.first_period_no <= greatest(first_drafts.closed_through_no, states.closed_through_no)
        )
),

contracts as (
    select
        contract_key,
        position_key
    from {{ ref('known_contracts') }}
),

moved_positions as (
    select distinct contracts.position_key
    from moved
    inner join contracts
        on moved.contract_key = contracts.contract_key
)

select contract_key from {{ ref('changed_contracts') }}
union distinct
select contract_key from moved
union distinct
-- Contracts that are presented net are drafted together: an entry may move from one to the other.
select contracts.contract_key
from contracts
inner join moved_positions
    on contracts.position_key = moved_positions.position_key
