{#- Days from the first to the last, both counted. -#}
{% macro days_counted(first, last) -%}
    cast({{ dbt.datediff(first, last, 'day') }} + 1 as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- The index of a day where every month has thirty: the last day of a month is its thirtieth. -#}
{% macro day_360(day) -%}
    (extract(year from {{ day }}) * 360 + extract(month from {{ day }}) * 30 + case
        when {{ day }} = cast({{ dbt.last_day(day, 'month') }} as date) then 30
        when extract(day from {{ day }}) > 30 then 30
        else extract(day from {{ day }})
    end)
{%- endmacro %}

{#- Days of thirty-day months from the first to the last, both counted: a month from any day to the day before is 30. -#}
{% macro days_360(first, last) -%}
    cast({{ day_360(last) }} - {{ day_360(first) }} + 1 as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- The last day of the month before. -#}
{% macro previous_month_end(day) -%}
    cast({{ dbt.dateadd('day', -1, "cast(" ~ dbt.date_trunc('month', day) ~ " as date)") }} as date)
{%- endmacro %}
