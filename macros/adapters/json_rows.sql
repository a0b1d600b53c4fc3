{#-
  The rows of a JSON text that holds an array of arrays, as a Python function returns them:
  {"slices": [[1, 2, "x"], …], "movements": […]}. Fields hold whole numbers, null and plain words.

  Usage:   select
               folded.contract_key,
               {{ json_field(0, 'bigint') }} as line_key,
               {{ json_field(2, 'string') }} as cause
           from {{ json_rows_join('folded', 'folded.result', 'slices') }}
  Output:  one row per inner array; a text without the key, or with an empty array or null there, gives none.
           json_field counts from 0 and is null for a JSON null

  Without a key the text itself is the array. `relation` is the name of a CTE; as with series_join, no join may
  follow.
-#}
{% macro json_rows_join(relation, json_text, key=none) -%}
    {%- if json_text is not defined -%}
        {{ exceptions.raise_compiler_error("json_rows_join takes a relation, a JSON text and the key of the rows") }}
    {%- endif -%}
    {{ return(adapter.dispatch('json_rows_join', 'revrec')(relation, json_text, key)) }}
{%- endmacro %}

{% macro json_field(position, type) -%}
    {%- set types = {'bigint': dbt.type_bigint(), 'string': dbt.type_string()} -%}
    {%- if type not in types -%}
        {{ exceptions.raise_compiler_error("json_field: " ~ type ~ " is neither bigint nor string") }}
    {%- endif -%}
    cast({{ adapter.dispatch('json_field_text', 'revrec')(position) }} as {{ types[type] }})
{%- endmacro %}

{% macro default__json_rows_join(relation, json_text, key) -%}
    {%- set document = 'cast(' ~ json_text ~ ' as jsonb)' -%}
    {%- set rows = document ~ " -> '" ~ key ~ "'" if key else document -%}
    {{ relation }} cross join lateral jsonb_array_elements(nullif({{ rows }}, 'null')) as json_rows(json_row)
{%- endmacro %}

{% macro default__json_field_text(position) -%}
    json_rows.json_row ->> {{ position }}
{%- endmacro %}

{# One pass over the text, several times faster than taking fields out of a JSON value; lists count from 1. #}
{% macro duckdb__json_rows_join(relation, json_text, key) -%}
    {%- set shape = '[["VARCHAR"]]' -%}
    {%- set shape = '{"' ~ key ~ '":' ~ shape ~ '}' if key else shape -%}
    (
        select *, from_json({{ json_text }}, '{{ shape }}'){{ '.' ~ key if key }} as json_list from {{ relation }}
    ) as {{ relation }}
    cross join unnest({{ relation }}.json_list) as json_rows(json_row)
{%- endmacro %}

{% macro duckdb__json_field_text(position) -%}
    json_rows.json_row[{{ position + 1 }}]
{%- endmacro %}

{% macro snowflake__json_rows_join(relation, json_text, key) -%}
    {%- set document = 'parse_json(' ~ json_text ~ ')' -%}
    {%- set rows = "get_path(" ~ document ~ ", '" ~ key ~ "')" if key else document -%}
    {{ relation }}, lateral flatten(input => {{ rows }}) as json_rows
{%- endmacro %}

{% macro snowflake__json_field_text(position) -%}
    json_rows.value[{{ position }}]
{%- endmacro %}

{% macro bigquery__json_rows_join(relation, json_text, key) -%}
    {{ relation }} cross join unnest(json_query_array({{ json_text }}, '${{ '.' ~ key if key }}')) as json_row
{%- endmacro %}

{% macro bigquery__json_field_text(position) -%}
    json_value(json_row, '$[{{ position }}]')
{%- endmacro %}

{% macro spark__json_rows_join(relation, json_text, key) -%}
    {%- set shape = 'array<array<string>>' -%}
    {%- set rows = "from_json(" ~ json_text ~ ", '" ~ (key ~ ' ' ~ shape if key else shape) ~ "')" -%}
    {{ relation }} lateral view explode({{ rows }}{{ '.' ~ key if key }}) json_rows as json_row
{%- endmacro %}

{% macro spark__json_field_text(position) -%}
    json_rows.json_row[{{ position }}]
{%- endmacro %}

{#-
  The other way, rows into a list: dbt's listagg for Spark and Databricks, where dbt-spark's own ignores the order it is asked for.

  Usage:   {{ dbt.listagg('line_text', "','", 'order by line_no') }}; ascending columns only
  Output:  the values that are not null, joined in their order; null if there are none
-#}
{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {%- if limit_num or ' desc' in (order_by_clause or '') or '(' in (order_by_clause or '') -%}
        {{ exceptions.raise_compiler_error('listagg: on Spark without a limit, in the ascending order of plain columns') }}
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
