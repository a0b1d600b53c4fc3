{#-
  CTEs up to `earned`: one row per slice and day, with what is earned through it and before it. `slices` holds the columns of
  int_reports__day_slices; CTEs `periods` and `calendar_days` hold the months and their days.
-#}
{% macro earned_by_day(slices) -%}
segments as (
    select
        {{ slices }}.*,
        {{ period_number('first_on') }} as from_period_no,
        {{ period_number('last_on') }} as to_period_no
    from {{ slices }}
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
    left join periods
        on expanded.period_no = periods.period_no
),

{{ amounts_of_months('by_month') }},

by_day as (
    select
        months.*,
        calendar_days.day_on as through_on,
        calendar_days.before_on
    from months
    inner join calendar_days
        on
            months.period_no = calendar_days.period_no
            and calendar_days.day_on >= months.first_on
            and calendar_days.day_on <= months.last_on
),

{{ earned_through_days('by_day') }}
{%- endmacro %}
