{#-
  dbt's listagg for Spark and Databricks, where dbt-spark's own ignores the order it is asked for.

  Usage:   {{ dbt.listagg('line_text', "','", 'order by line_no') }}; ascending columns only
  Output:  the values that are not null, joined in their order; null if there are none
-#}
{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {%- if limit_num or ' desc' in (order_by_clause or '') -%}
        {{ exceptions.raise_compiler_error('listagg: neither a limit nor a descending order is supported on Spark') }}
    {%- endif -%}
    {%- set fields = [] -%}
    {%- for column in (order_by_clause or '').replace('order by', '').split(',') if column.strip() -%}
        {%- do fields.append("'key_" ~ loop.index ~ "', " ~ column.strip()) -%}
    {%- endfor -%}
    {%- do fields.append("'measure', " ~ measure) -%}
    case
        when count({{ measure }}) > 0
            then array_join(
                transform(
                    array_sort(collect_list(case when {{ measure }} is not null then named_struct({{ fields | join(', ') }}) end)),
                    item -> item.measure
                ),
                {{ delimiter_text }}
            )
    end
{%- endmacro %}
