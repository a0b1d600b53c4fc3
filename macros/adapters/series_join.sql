{#-
  One row per whole number first..last for every row of a relation; a row with last < first (or a null bound) gives
  none.

  Usage:   select
               segments.segment_key,
               {{ series_value() }} as day_no
           from {{ series_join('segments', 'segments.first_day', 'segments.last_day') }}
           where …
  Output:  series_value() is a bigint

  `relation` is the name of a CTE. The series closes the FROM clause (no join may follow: Spark's grammar), so join
  before or after it in a CTE of its own; one series per select. DuckDB unnests in the select list: in the from clause
  it plans a join of the relation with itself unless the plan around it is simple, ten times slower. The number of an
  earlier series, which `relation.*` brings along there, makes room.
-#}
{% macro series_join(relation, first, last) -%}
    {%- if last is not defined -%}
        {{ exceptions.raise_compiler_error("series_join takes a relation, the first and the last number") }}
    {%- endif -%}
    {%- set first, last = 'cast(' ~ first ~ ' as bigint)', 'cast(' ~ last ~ ' as bigint)' -%}
    {{ return(adapter.dispatch('series_join', 'revrec')(relation, first, last)) }}
{%- endmacro %}

{% macro series_value() -%}
    {{ return(adapter.dispatch('series_value', 'revrec')()) }}
{%- endmacro %}

{% macro default__series_value() -%}
    series.series_no
{%- endmacro %}

{% macro default__series_join(relation, first, last) -%}
    {{ relation }} cross join lateral generate_series({{ first }}, {{ last }}) as series(series_no)
{%- endmacro %}

{% macro duckdb__series_join(relation, first, last) -%}
    (
        select columns(lambda name: name <> 'series_no'), unnest(range({{ first }}, {{ last }} + 1)) as series_no
        from {{ relation }}
    ) as {{ relation }}
{%- endmacro %}

{% macro duckdb__series_value() -%}
    series_no
{%- endmacro %}

{% macro snowflake__series_join(relation, first, last) -%}
    {{ relation }}, lateral flatten(input => array_generate_range({{ first }}, {{ last }} + 1)) as series
{%- endmacro %}

{% macro snowflake__series_value() -%}
    cast(series.value as bigint)
{%- endmacro %}

{% macro bigquery__series_join(relation, first, last) -%}
    {{ relation }} cross join unnest(generate_array({{ first }}, {{ last }})) as series_no
{%- endmacro %}

{% macro bigquery__series_value() -%}
    series_no
{%- endmacro %}

{# sequence(5, 3) counts down; a null list has no rows. #}
{% macro spark__series_join(relation, first, last) -%}
    {{ relation }}
    lateral view explode(
        case when {{ first }} <= {{ last }} then sequence({{ first }}, {{ last }}) end
    ) series as series_no
{%- endmacro %}
