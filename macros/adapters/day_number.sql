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

{#-
  dbt's own dateadd and last_day in Spark's words. dbt-spark writes them out in ten lines, one in the other: a month's end is a page, a view of
  two of them more than a Hive metastore on Derby keeps, and every statement takes as long to analyse.

  Usage:   {{ dbt.dateadd('day', -1, 'starts_on') }}, {{ dbt.last_day('starts_on', 'month') }}
  Output:  a timestamp; a date
-#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{% macro spark__last_day(date, datepart) -%}
    {%- if datepart != 'month' -%}
        {{ exceptions.raise_compiler_error("last_day of a " ~ datepart ~ " is not written for Spark") }}
    {%- endif -%}
    last_day({{ date }})
{%- endmacro %}
