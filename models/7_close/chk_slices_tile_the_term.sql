-- One row per contract whose schedule has a day that no slice recognises, or two, the first time (invariant 16).
with slices as (
    select
        segments.contract_key,
        segments.schedule_key,
        segments.slice_from_on,
        segments.slice_to_on,
        segments.schedule_from_on,
        lag(segments.slice_to_on) over (
            partition by segments.schedule_key order by segments.slice_from_on, segments.slice_to_on
        ) as previous_to_on
    from {{ ref('schedule_segments') }} as segments
    inner join {{ ref('contracts') }} as contracts
        on segments.contract_key = contracts.contract_key
    -- What is recognised on one day has no term to tile.
    where segments.cause = 'schedule' and segments.schedule_from_on < segments.schedule_to_on
),

-- The next slice follows on the day after; one that opens a schedule of its own may come later: between them is a pause.
wrong as (
    select
        slices.*,
        row_number() over (partition by contract_key order by slice_from_on, schedule_key) as occurrence
    from slices
    where
        slice_to_on < slice_from_on
        or slice_from_on <= previous_to_on
        or ({{ day_number('slice_from_on') }} <> {{ day_number('previous_to_on') }} + 1 and slice_from_on <> schedule_from_on)
)

select
    contracts.entity_id,
    contracts.book,
    'slices_tile_the_term' as rule,
    'block' as severity,
    wrong.slice_from_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contracts.contract_id as source_id,
    concat('a slice from the day after ', cast(coalesce(wrong.previous_to_on, wrong.slice_to_on) as {{ dbt.type_string() }})) as expected,
    concat('one from ', cast(wrong.slice_from_on as {{ dbt.type_string() }}), ' to ', cast(wrong.slice_to_on as {{ dbt.type_string() }})) as actual,
    concat(
        'A schedule of contract ', contracts.contract_id, ' is recognised up to ',
        cast(coalesce(wrong.previous_to_on, wrong.slice_to_on) as {{ dbt.type_string() }}), ' and then from ',
        cast(wrong.slice_from_on as {{ dbt.type_string() }}), ': a day is missing, or counts twice.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from wrong
inner join {{ ref('contracts') }} as contracts
    on wrong.contract_key = contracts.contract_key
where wrong.occurrence = 1
