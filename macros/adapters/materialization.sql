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
    create or replace view {{ relation }} as (
        {{ sql | replace('"' ~ relation.database ~ '".', '') }}
    );
{%- endmacro %}

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

{#-
  dbt-spark writes the rows of a seed into its statement without escaping quotes, and a missing value as the text 'None'.

  Usage:   called by dbt for every seed
  Output:  the first statement that inserts rows
-#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types, statements = [], [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do types.append(model['config'].get('column_types', {}).get(name, adapter.convert_type(agate_table, loop.index0))) -%}
    {%- endfor -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set rows = [] -%}
        {%- for row in chunk -%}
            {%- set values = [] -%}
            {%- for value in row -%}
                {%- do values.append('cast(' ~ text_literal(value) ~ ' as ' ~ types[loop.index0] ~ ')') -%}
            {%- endfor -%}
            {%- do rows.append('(' ~ values | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- do statements.append('insert into ' ~ this.render() ~ ' values ' ~ rows | join(', ')) -%}
        {%- do adapter.add_query(statements[-1], abridge_sql_log=true) -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{%- endmacro %}

{#-
  Only Delta lets a column be declared not null after it was filled; dbt-spark takes a table without a format for one of Delta's. Elsewhere
  a contract checks names and types, and the data tests look for nulls.
-#}
{% macro spark__persist_constraints(relation, model) -%}
    {%- if config.get('contract').enforced and config.get('file_format') == 'delta' -%}
        {%- do alter_table_add_constraints(relation, model.constraints) -%}
        {%- do alter_column_set_constraints(relation, model.columns) -%}
    {%- endif -%}
{%- endmacro %}
