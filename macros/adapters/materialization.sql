{#-
  The incremental strategy that only inserts: what to replace was deleted before.

  Usage:   {{ config(materialized='incremental', incremental_strategy=append_strategy()) }}
  Output:  'append'; on BigQuery 'merge', which inserts every row when the model has no unique_key
-#}
{% macro append_strategy() -%}
    {{ return(adapter.dispatch('append_strategy', 'revrec')()) }}
{%- endmacro %}

{% macro default__append_strategy() -%}
    {{ return('append') }}
{%- endmacro %}

{% macro bigquery__append_strategy() -%}
    {{ return('merge') }}
{%- endmacro %}

{#-
  A DuckDB view keeps the names of its query, and the name of a database there is the name of its file: with it, a file that was copied
  or renamed would have broken views. Without it they resolve where the view is. Otherwise this is what dbt-duckdb does.

  Usage:   called by dbt for every view
  Output:  the statement that creates it
-#}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    create view {{ relation }} as (
        {{ sql | replace('"' ~ relation.database ~ '".', '') }}
    );
{%- endmacro %}
