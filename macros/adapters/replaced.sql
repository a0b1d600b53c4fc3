{#-
  DuckDB replaces a table or a view in one statement of a transaction. dbt-duckdb makes it under another name, looks for indexes and keys of
  the old one, renames both and drops the old: two thirds of the queries of a build, and a killed one leaves the second table behind.

  Usage:   called by dbt for every table in SQL
  Output:  the table, with its rows
-#}
{% materialization table, adapter='duckdb' -%}
    {%- set table = this.incorporate(type='table') -%}
    {%- do make_room_for(table) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {%- if config.get('contract').enforced %}
            {{ get_assert_columns_equivalent(compiled_code) }}
            create or replace table {{ table }} {{ get_table_columns_and_constraints() }};
            insert into {{ table }} {{ get_column_names() }} (
                {{ get_select_subquery(compiled_code) }}
            )
        {%- else %}
            create or replace table {{ table }} as (
                {{ compiled_code }}
            )
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(table, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [table]}) }}
{%- endmaterialization %}

{#-
  Usage:   called by dbt for every view
  Output:  the view
-#}
{% materialization view, adapter='duckdb' -%}
    {%- set view = this.incorporate(type='view') -%}
    {%- do make_room_for(view) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {{ get_create_view_as_sql(view, sql) }}
    {%- endcall %}
    {%- do persist_docs(view, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [view]}) }}
{%- endmaterialization %}

{#-
  DuckDB replaces a table by a table only, and a view by a view.

  Usage:   {% do make_room_for(this.incorporate(type='view')) %}
  Output:  nothing; what has the name and is of the other kind is gone
-#}
{% macro make_room_for(relation) -%}
    {%- set present = load_cached_relation(relation) -%}
    {%- if present is not none and present.type != relation.type -%}
        {%- do adapter.drop_relation(present) -%}
    {%- endif -%}
{%- endmacro %}
