{#-
  The closed forms of accounting.md, "Policies": how much of a schedule is earned. They read the columns of schedule_segments.
  The Python twin is `cumulative` in python_udfs/functions/fold_invoice.py; a test holds them together.
-#}

{#- Earned from the first day through `day`, by days (equal days, or months of thirty days). -#}
{% macro earned_by_days(day) -%}
    case
        when {{ day }} < schedule_from_on or {{ day }} < not_before_on then 0
        when {{ day }} >= schedule_to_on then schedule_minor
        when convention = 'daily' then {{ rounded_share('schedule_minor', days_counted('schedule_from_on', day), 'term_days') }}
        else {{ rounded_share('schedule_minor', days_360('schedule_from_on', day), 'term_days') }}
    end
{%- endmacro %}

{#- Earned from the first month through month number `month` of the schedule (1 is the first). -#}
{% macro earned_by_months(month) -%}
    case
        when {{ month }} <= 0 then 0
        when {{ month }} >= month_count then schedule_minor
        when convention <> 'monthly_by_term'
            then {{ rounded_share('schedule_minor', 'first_units + (' ~ month ~ ' - 1) * month_units', 'total_units') }}
        when {{ month }} = month_count - 1 and month_count > 2 then schedule_minor - last_minor
        else first_minor + ({{ month }} - 1) * middle_minor
    end
{%- endmacro %}

{#- The part of a month's amount earned in its first `gone` of `days` days: cumulative rounding, or whole minor units and the rest last. -#}
{% macro earned_in_month(amount, gone, days) -%}
    case
        when {{ gone }} <= 0 then 0
        when {{ gone }} >= {{ days }} then {{ amount }}
        when days_rule = 'truncated'
            then case when {{ amount }} < 0 then -1 else 1 end * {{ gone }} * {{ int_div('abs(' ~ amount ~ ')', days) }}
        else {{ rounded_share(amount, gone, days) }}
    end
{%- endmacro %}

{#-
  Three CTEs, `months`, `gone` and `earned`: what each row of `windows` has earned through `through_on` and before it. `windows` holds the columns
  of schedule_segments and is_by_days, through_on, before_on, month_no, month_from_on, month_to_on.
-#}
{% macro earned_in_windows(windows) -%}
{{ amounts_of_months(windows) }},

{{ earned_through_days('months') }}
{%- endmacro %}

{#- The CTE `months`: what the month of each row of `windows` earns, and what was earned before it; a schedule by days has no months. -#}
{% macro amounts_of_months(windows) -%}
months as (
    select
        {{ windows }}.*,
        case when is_by_days then 0 else {{ earned_by_months('month_no - 1') }} end as before_month_minor,
        case when is_by_days then 0 else {{ earned_by_months('month_no') }} - ({{ earned_by_months('month_no - 1') }}) end as month_minor,
        case when is_by_days then 0 else {{ days_counted('month_from_on', 'month_to_on') }} end as month_days
    from {{ windows }}
)
{%- endmacro %}

{#- The CTEs `gone` and `earned`: what each row of `windows` has earned through `through_on` and through `before_on`, from the amounts of its month. -#}
{% macro earned_through_days(windows) -%}
gone as (
    select
        {{ windows }}.*,
        case when is_by_days then 0 else {{ days_counted('month_from_on', 'through_on') }} end as days_gone,
        case when is_by_days then 0 else {{ days_counted('month_from_on', 'before_on') }} end as days_before
    from {{ windows }}
),

earned as (
    select
        gone.*,
        case
            when is_by_days then {{ earned_by_days('through_on') }}
            when through_on < not_before_on then 0
            else before_month_minor + {{ earned_in_month('month_minor', 'days_gone', 'month_days') }}
        end as earned_through_minor,
        case
            when is_by_days then {{ earned_by_days('before_on') }}
            when before_on < not_before_on then 0
            else before_month_minor + {{ earned_in_month('month_minor', 'days_before', 'month_days') }}
        end as earned_before_minor
    from gone
)
{%- endmacro %}
