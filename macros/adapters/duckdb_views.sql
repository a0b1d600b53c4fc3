{#-
  A DuckDB view keeps the names of its query, and the name of a database there is the name of its file: with it, a file that was copied
  or renamed would have broken views. Without it they resolve where the view is.
-#}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- set contract_config = config.get('contract') -%}
    {%- set here = '"' ~ relation.database ~ '".' -%}
    {%- set sql_header = config.get('sql_header', none) -%}
    {{ sql_header if sql_header is not none }}
    create view {{ relation.include(database=(not temporary), schema=(not temporary)) }}
    {%- if contract_config.enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %} as (
        {{ sql | replace(here, '') }}
    );
{%- endmacro %}
