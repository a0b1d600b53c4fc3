{#- The number of the calendar month a date falls in (fiscal_periods.period_no of a monthly calendar). -#}
{% macro period_number(day) -%}
    cast(extract(year from {{ day }}) * 12 + extract(month from {{ day }}) - 1 as {{ dbt.type_bigint() }})
{%- endmacro %}
