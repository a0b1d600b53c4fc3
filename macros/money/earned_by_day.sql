{#-
  The query of what each line earns on each day: contract_key, line_key, recognized_on, cause, amount_minor. Of some contracts where a relation with
  their contract_key is given: no engine looks for them before it makes the days of all.
-#}
{% macro earned_by_day(contracts=none) -%}
with openings as (
    select * from {{ ref('opening_contracts') }}
),

-- Days before the first of its own are another system's.
slices as (
    select
        segments.*,
        shares.line_key,
        shares.line_count,
        shares.whole_minor,
        shares.upto_minor,
        shares.before_minor,
        greatest(segments.recognized_from_on, coalesce(openings.starts_on, segments.recognized_from_on)) as first_on,
        least(segments.recognized_to_on, cast('{{ through_last_day() }}' as date)) as last_on
    from {{ ref('schedule_segments') }} as segments
    {%- if contracts %}
    inner join {{ contracts }} as asked
        on segments.contract_key = asked.contract_key
    {%- endif %}
    inner join {{ ref('line_shares') }} as shares
        on segments.schedule_key = shares.schedule_key
    left join openings
        on segments.contract_key = openings.contract_key
),

segments as (
    select
        slices.*,
        {{ period_number('first_on') }} as from_period_no,
        {{ period_number('last_on') }} as to_period_no
    from slices
),

expanded as (
    select
        segments.*,
        {{ series_value() }} as period_no
    from {{ series_join('segments', 'segments.from_period_no', 'segments.to_period_no') }}
),

by_month as (
    select
        expanded.*,
        expanded.convention in ('daily', 'thirty_360') as is_by_days,
        expanded.period_no - expanded.first_period_no + 1 as month_no,
        greatest(periods.starts_on, expanded.schedule_from_on) as month_from_on,
        least(periods.ends_on, expanded.schedule_to_on) as month_to_on
    from expanded
    -- Every month has its period: a left join, as in windows_by_period.
    left join {{ ref('fiscal_periods') }} as periods
        on
            expanded.period_no = periods.period_no
            and periods.calendar = 'monthly'
),

{{ amounts_of_months('by_month') }},

by_day as (
    select
        months.*,
        calendar_days.day_on as through_on,
        calendar_days.before_on
    from months
    inner join {{ ref('calendar_days') }} as calendar_days
        on
            months.period_no = calendar_days.period_no
            and calendar_days.day_on >= months.first_on
            and calendar_days.day_on <= months.last_on
),

{{ earned_through_days('by_day') }}

select
    earned.contract_key,
    earned.line_key,
    earned.through_on as recognized_on,
    earned.cause,
    {{ line_share('earned.earned_through_minor', 'earned') }} - {{ line_share('earned.earned_before_minor', 'earned') }} as amount_minor
from earned
{%- endmacro %}
