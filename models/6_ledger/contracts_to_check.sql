-- One row per contract that checks of single contracts ask where they do not ask all: computed or drafted anew, or posted to since the last complete build.
with last_build as (
    select max(happened_at) as happened_at
    from {{ source('ops', 'builds') }}
    where status = 'complete'
),

new_batches as (
    select
        batches.batch_id,
        batches.posting_period_no
    from {{ source('ops', 'posted_batches') }} as batches
    cross join last_build
    where last_build.happened_at is null or batches.posted_at >= last_build.happened_at
)

select contract_key from {{ ref('contracts_to_draft') }}
union distinct
select lines.contract_key
from {{ source('ops', 'posted_journal_lines') }} as lines
inner join new_batches
    on
        lines.posting_period_no = new_batches.posting_period_no
        and lines.batch_id = new_batches.batch_id
