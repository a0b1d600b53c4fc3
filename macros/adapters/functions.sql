{#-
  What dbt's function resource lacks on some adapters, so that python_udfs/functions works on every warehouse.

  Usage:   {{ udf('fold_invoice') }}(facts)
  Output:  the name by which the warehouse calls the function; the model depends on the function's node

  Snowflake and BigQuery create Python functions by themselves. DuckDB calls what python_udfs/duckdb_plugin.py registered. Postgres
  needs plpython3u. A Spark session has temporary functions only: whoever starts it registers them by their bare names, with python_udfs/spark_session.py.
-#}
{% macro udf(name) -%}
    {%- set relation = function(name) -%}
    {{ return(adapter.dispatch('udf_name', 'revrec')(name, relation)) }}
{%- endmacro %}

{% macro default__udf_name(name, relation) -%}
    {{ return(relation) }}
{%- endmacro %}

{% macro spark__udf_name(name, relation) -%}
    {{ return(name) }}
{%- endmacro %}

{# dbt-databricks dispatches to spark__ macros where it has none of its own, but it has real functions. #}
{% macro databricks__udf_name(name, relation) -%}
    {{ return(relation) }}
{%- endmacro %}

{% macro function_argument_names() -%}
    {{ return(model.arguments | map(attribute='name') | join(', ')) }}
{%- endmacro %}

{% macro duckdb__scalar_function_python(target_relation) %}
    {%- set arguments = [] -%}
    {%- for argument in model.arguments -%}
        {%- do arguments.append('cast(' ~ argument.name ~ ' as ' ~ argument.data_type ~ ')') -%}
    {%- endfor -%}
    create or replace macro {{ target_relation.render() }}({{ function_argument_names() }}) as
        __py_{{ model.name }}({{ arguments | join(', ') }})
{% endmacro %}

{# The text between the quotes is the body of the function there, so the handler has to be called. #}
{% macro databricks__scalar_function_python(target_relation) %}
    create or replace function {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
    returns {{ model.returns.data_type }}
    language python
    as $$
{{ model.compiled_code }}

return {{ model.config.get('entry_point') }}({{ function_argument_names() }})
    $$
{% endmacro %}

{# Like Databricks; and the words of types are not the same. #}
{% macro postgres__scalar_function_python(target_relation) %}
    {%- set arguments = [] -%}
    {%- for argument in model.arguments -%}
        {%- do arguments.append(argument.name ~ ' ' ~ api.Column.translate_type(argument.data_type)) -%}
    {%- endfor -%}
    create or replace function {{ target_relation.render() }} ({{ arguments | join(', ') }})
    returns {{ api.Column.translate_type(model.returns.data_type) }}
    language plpython3u
    immutable
    as $$
{{ model.compiled_code }}

return {{ model.config.get('entry_point') }}({{ function_argument_names() }})
    $$
{% endmacro %}

{% macro spark__scalar_function_python(target_relation) %}
    select 1
{% endmacro %}
