{#-
  Dates as numbers, so that spans of days are plain integer arithmetic.

  Usage:   {{ day_number('starts_on') }}         Output:  bigint, days since 1970-01-01; null for null
           {{ day_from_number('day_no') }}       Output:  date
-#}
{% macro day_number(date_expression) -%}
    {{ return(adapter.dispatch('day_number', 'revrec')(date_expression)) }}
{%- endmacro %}

{% macro default__day_number(date_expression) -%}
    cast(cast({{ date_expression }} as date) - date '1970-01-01' as bigint)
{%- endmacro %}

{% macro snowflake__day_number(date_expression) -%}
    cast(datediff(day, date '1970-01-01', cast({{ date_expression }} as date)) as bigint)
{%- endmacro %}

{% macro bigquery__day_number(date_expression) -%}
    unix_date(cast({{ date_expression }} as date))
{%- endmacro %}

{% macro spark__day_number(date_expression) -%}
    cast(unix_date(cast({{ date_expression }} as date)) as bigint)
{%- endmacro %}

{% macro day_from_number(number_expression) -%}
    {{ return(adapter.dispatch('day_from_number', 'revrec')(number_expression)) }}
{%- endmacro %}

{% macro default__day_from_number(number_expression) -%}
    (date '1970-01-01' + cast({{ number_expression }} as integer))
{%- endmacro %}

{% macro snowflake__day_from_number(number_expression) -%}
    dateadd(day, {{ number_expression }}, date '1970-01-01')
{%- endmacro %}

{% macro bigquery__day_from_number(number_expression) -%}
    date_from_unix_date(cast({{ number_expression }} as bigint))
{%- endmacro %}

{% macro spark__day_from_number(number_expression) -%}
    date_from_unix_date(cast({{ number_expression }} as int))
{%- endmacro %}
