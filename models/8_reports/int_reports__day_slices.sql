{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per schedule slice and line: its share, and the first and the last day it earns on. Days before the first of its own are another system's.
with openings as (
    select * from {{ ref('opening_contracts') }}
)

select
    segments.*,
    shares.line_key,
    shares.line_count,
    shares.whole_minor,
    shares.upto_minor,
    shares.before_minor,
    greatest(segments.recognized_from_on, coalesce(openings.starts_on, segments.recognized_from_on)) as first_on,
    least(segments.recognized_to_on, cast('{{ through_last_day() }}' as date)) as last_on,
    crowded.line_key is null as is_alone
from {{ ref('schedule_segments') }} as segments
inner join {{ ref('line_shares') }} as shares
    on segments.schedule_key = shares.schedule_key
left join {{ ref('int_reports__crowded_lines') }} as crowded
    on shares.line_key = crowded.line_key
left join openings
    on segments.contract_key = openings.contract_key
