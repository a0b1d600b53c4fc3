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
