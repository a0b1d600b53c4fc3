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
