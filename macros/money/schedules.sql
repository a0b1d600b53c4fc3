{#-
  Three CTEs, `counted`, `months` and `weighed`: the numbers that give the cumulative amount of a schedule on any day in closed form (earned.sql).
  `schedules` holds slice_from_on, slice_to_on, schedule_from_on, schedule_to_on, schedule_minor, convention, days_rule, not_before_on.
-#}
{% macro schedule_numbers(schedules) -%}
counted as (
    select
        {{ schedules }}.*,
        {{ days_counted('schedule_from_on', 'schedule_to_on') }} as term_days_actual,
        {{ days_360('schedule_from_on', 'schedule_to_on') }} as term_days_360,
        {{ period_number('schedule_from_on') }} as first_period_no,
        case
            -- Equal months from the month of the start up to the month of the day after the end, that one excluded.
            when convention = 'monthly_from_start'
                then greatest(
                    {{ period_number(dbt.dateadd('day', 1, 'schedule_to_on')) }} - 1, {{ period_number('schedule_from_on') }}
                )
            else {{ period_number('schedule_to_on') }}
        end as last_period_no,
        cast({{ dbt.last_day('schedule_from_on', 'month') }} as date) as first_month_ends_on,
        cast({{ dbt.last_day('schedule_to_on', 'month') }} as date) as last_month_ends_on
    from {{ schedules }}
),

months as (
    select
        counted.*,
        last_period_no - first_period_no + 1 as month_count,
        {{ days_counted('schedule_from_on', 'first_month_ends_on') }} as first_days,
        cast(extract(day from first_month_ends_on) as {{ dbt.type_bigint() }}) as first_month_days,
        cast(extract(day from schedule_to_on) as {{ dbt.type_bigint() }}) as last_days,
        cast(extract(day from last_month_ends_on) as {{ dbt.type_bigint() }}) as last_month_days
    from counted
),

-- A month weighs one, a part month its share of its own days, over a common denominator; or every month touched weighs the same.
weighed as (
    select
        months.*,
        case when convention = 'monthly_prorated_ends' then first_days * last_month_days else 1 end as first_units,
        case when convention = 'monthly_prorated_ends' then first_month_days * last_month_days else 1 end as month_units,
        case
            when convention <> 'monthly_prorated_ends' then month_count
            when month_count = 1 then 1
            else
                first_days * last_month_days + (month_count - 2) * first_month_days * last_month_days
                + last_days * first_month_days
        end as total_units,
        case
            when convention = 'monthly_by_term' and month_count > 1
                then {{ rounded_share('schedule_minor', 'first_days', 'term_days_actual') }}
            else 0
        end as first_minor,
        case
            when convention = 'monthly_by_term' and month_count > 2
                then {{ rounded_share('schedule_minor', 'last_days', 'term_days_actual') }}
            else 0
        end as last_minor
    from months
)
{%- endmacro %}

{#- The columns of a segment that earned.sql reads, from `weighed`; the keys of the schedule stand before them. -#}
{% macro segment_columns() -%}
    slice_from_on,
    slice_to_on,
    schedule_from_on,
    schedule_to_on,
    schedule_minor,
    convention,
    days_rule,
    not_before_on,
    -- What is earned before it may be recognised is caught up on the first day it may.
    greatest(slice_from_on, coalesce(not_before_on, slice_from_on)) as recognized_from_on,
    case
        when slice_to_on = schedule_to_on then greatest(slice_to_on, coalesce(not_before_on, slice_to_on))
        else slice_to_on
    end as recognized_to_on,
    case when convention = 'thirty_360' then term_days_360 else term_days_actual end as term_days,
    first_period_no,
    month_count,
    first_units,
    month_units,
    total_units,
    first_minor,
    case
        when month_count > 2
            then case when schedule_minor - first_minor - last_minor < 0 then -1 else 1 end
                * {{ int_div('abs(schedule_minor - first_minor - last_minor)', 'greatest(month_count - 2, 1)') }}
        else 0
    end as middle_minor,
    last_minor
{%- endmacro %}

{#-
  Two CTEs, `expanded` and `windows`: one row per segment and month, with the columns that earned_in_windows reads. `segments` holds the columns
  of segment_columns, from_period_no and to_period_no; a CTE `periods` holds the months.
-#}
{% macro windows_by_period(segments) -%}
expanded as (
    select
        {{ segments }}.*,
        {{ series_value() }} as period_no
    from {{ series_join(segments, segments ~ '.from_period_no', segments ~ '.to_period_no') }}
),

windows as (
    select
        expanded.*,
        expanded.convention in ('daily', 'thirty_360') as is_by_days,
        least(periods.ends_on, expanded.recognized_to_on) as through_on,
        case
            when expanded.period_no = {{ period_number('expanded.recognized_from_on') }}
                then cast({{ dbt.dateadd('day', -1, 'expanded.recognized_from_on') }} as date)
            else cast({{ dbt.dateadd('day', -1, 'periods.starts_on') }} as date)
        end as before_on,
        greatest(periods.starts_on, expanded.schedule_from_on) as month_from_on,
        least(periods.ends_on, expanded.schedule_to_on) as month_to_on,
        expanded.period_no - expanded.first_period_no + 1 as month_no
    from expanded
    -- Every month has its period. An inner join DuckDB takes for a few rows: it would keep all months in memory and go through the periods.
    left join periods
        on expanded.period_no = periods.period_no
)
{%- endmacro %}
