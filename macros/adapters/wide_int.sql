{#-
  The integer type for products and sums that do not fit into 64 bits.

  Usage:   cast(amount_minor as {{ wide_int() }}) * days
  Output:  hugeint (DuckDB), numeric(38, 0) (Snowflake, Postgres), bignumeric (BigQuery),
           decimal(38, 0) (Spark, Databricks)

  Only for values on their way: cast the result back to bigint at once, a wide column is several times slower.
-#}
{% macro wide_int() -%}
    {{ return(adapter.dispatch('wide_int', 'revrec')()) }}
{%- endmacro %}

{% macro default__wide_int() -%}
    {{ return('numeric(38, 0)') }}
{%- endmacro %}

{% macro duckdb__wide_int() -%}
    {{ return('hugeint') }}
{%- endmacro %}

{# numeric(38, 0) is refused there: numeric keeps 29 digits before the point. #}
{% macro bigquery__wide_int() -%}
    {{ return('bignumeric') }}
{%- endmacro %}

{% macro spark__wide_int() -%}
    {{ return('decimal(38, 0)') }}
{%- endmacro %}

{#-
  The decimal type for exact products, where BigQuery's plain decimal would round to nine digits.

  Usage:   cast(quantity as {{ wide_decimal(22, 9) }}) * cast(unit_price as decimal(16, 7))
  Output:  decimal(22, 9); bignumeric(22, 9) on BigQuery
-#}
{% macro wide_decimal(precision, scale) -%}
    {{ return(adapter.dispatch('wide_decimal', 'revrec')(precision, scale)) }}
{%- endmacro %}

{% macro default__wide_decimal(precision, scale) -%}
    {{ return('decimal(' ~ precision ~ ', ' ~ scale ~ ')') }}
{%- endmacro %}

{% macro bigquery__wide_decimal(precision, scale) -%}
    {{ return('bignumeric(' ~ precision ~ ', ' ~ scale ~ ')') }}
{%- endmacro %}
