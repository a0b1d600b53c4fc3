{#- The number of the calendar month a date falls in (fiscal_periods.period_no of a monthly calendar). -#}
{% macro period_number(day) -%}
    cast(extract(year from {{ day }}) * 12 + extract(month from {{ day }}) - 1 as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- The last day of a month by its number; 24312 is 2026-01. -#}
{% macro period_ends_on(period_no) -%}
    cast({{ dbt.last_day(dbt.dateadd('month', period_no ~ ' - 24276', "cast('2023-01-01' as date)"), 'month') }} as date)
{%- endmacro %}
