{#-
  A fast hash of a row, to see whether it changed. It belongs to its engine (and version): compare it only with
  fingerprints of the same warehouse, and never show it. Columns are told apart, and so are null and ''.

  Usage:   sum(cast({{ row_fingerprint(['line_id', 'amount_minor']) }} as {{ wide_int() }}))
  Output:  bigint between -2^61 and 2^62, so a wide_int sum of any number of rows fits
-#}
{% macro row_fingerprint(columns) -%}
    {{ return(adapter.dispatch('row_fingerprint', 'revrec')(columns)) }}
{%- endmacro %}

{% macro default__row_fingerprint(columns) -%}
    (hashtextextended(cast(row({{ columns | join(', ') }}) as text), 0) >> 2)
{%- endmacro %}

{% macro duckdb__row_fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) >> 2 as bigint)
{%- endmacro %}

{% macro snowflake__row_fingerprint(columns) -%}
    bitshiftright(hash({{ columns | join(', ') }}), 2)
{%- endmacro %}

{% macro bigquery__row_fingerprint(columns) -%}
    (farm_fingerprint(to_json_string(struct({{ columns | join(', ') }}))) >> 2)
{%- endmacro %}

{# xxhash64 passes over nulls, so (null, 1) and (1, null) would be equal: say where they are. #}
{% macro spark__row_fingerprint(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(column ~ ', isnull(' ~ column ~ ')') -%}
    {%- endfor -%}
    shiftright(xxhash64({{ parts | join(', ') }}), 2)
{%- endmacro %}
