{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per schedule slice and line: its share, and the first and the last day it earns on. Days before the first of its own are another system's.
with openings as (
    select * from {{ ref('opening_contracts') }}
),

shared as (
    select
        segments.*,
        shares.line_key,
        shares.line_count,
        shares.whole_minor,
        shares.upto_minor,
        shares.before_minor
    from {{ ref('schedule_segments') }} as segments
    inner join {{ ref('line_shares') }} as shares
        on segments.schedule_key = shares.schedule_key
),

-- Nothing else is earned or given back on a day of such a line: it has one slice and no posting of its own.
alone as (
    select line_key
    from (
        select line_key from shared
        union all
        select line_key from {{ ref('int_reports__entry_days') }}
    ) as earned
    group by line_key
    having count(*) = 1
)

select
    shared.*,
    greatest(shared.recognized_from_on, coalesce(openings.starts_on, shared.recognized_from_on)) as first_on,
    least(shared.recognized_to_on, cast('{{ through_last_day() }}' as date)) as last_on,
    alone.line_key is not null as is_alone
from shared
left join alone
    on shared.line_key = alone.line_key
left join openings
    on shared.contract_key = openings.contract_key
