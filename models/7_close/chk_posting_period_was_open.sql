-- One row per batch that was posted into a period locked at that moment (invariant 4).
with events as (
    select * from {{ source('ops', 'period_events') }}
),

batches as (
    select * from {{ source('ops', 'posted_batches') }}
),

-- The last lock or reopening before the batch says how far the books were closed.
ranked as (
    select
        batches.*,
        case when events.kind = 'lock' then events.period_no else events.period_no - 1 end as locked_through_no,
        events.actor,
        row_number() over (partition by batches.batch_id order by events.seq desc) as age
    from batches
    inner join events
        on
            batches.entity_id = events.entity_id
            and batches.book = events.book
            and events.kind in ('lock', 'reopen')
            and events.seq <= batches.period_seq
)

select
    ranked.entity_id,
    ranked.book,
    'posting_period_was_open' as rule,
    'block' as severity,
    cast(ranked.posted_at as date) as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    ranked.batch_id as source_id,
    'an open period' as expected,
    periods.period as actual,
    concat('Batch ', ranked.batch_id, ' was posted into ', periods.period, ', which ', ranked.actor, ' had locked.') as explanation,
    ranked.posted_at as first_seen_at
from ranked
inner join {{ ref('fiscal_periods') }} as periods
    on
        ranked.posting_period_no = periods.period_no
        and periods.calendar = 'monthly'
where ranked.age = 1 and ranked.posting_period_no <= ranked.locked_through_no
