{#-
  Contracts say `string`, the one word for text that DuckDB, Snowflake, BigQuery, Spark and Databricks share. Postgres
  says `text`: what dbt makes of a contract there is translated. Nothing to call: dbt finds these macros by their
  names.
-#}
{% macro in_types_of_adapter(columns) -%}
    {%- for column in columns.values() -%}
        {%- if column.data_type -%}
            {%- do column.update({'data_type': api.Column.translate_type(column.data_type)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{% macro postgres__get_empty_schema_sql(columns) -%}
    {{ return(dbt.default__get_empty_schema_sql(in_types_of_adapter(columns))) }}
{%- endmacro %}

{% macro postgres__get_table_columns_and_constraints() -%}
    {%- do in_types_of_adapter(model['columns']) -%}
    {{ return(dbt.default__get_table_columns_and_constraints()) }}
{%- endmacro %}
