{#- Whether a `|`-separated list of line ids holds one: without it, it is another text. -#}
{% macro is_listed(line_id, list) -%}
    replace('|' || {{ list }} || '|', '|' || {{ line_id }} || '|', '') <> '|' || {{ list }} || '|'
{%- endmacro %}

{#- How many ids a `|`-separated list holds. -#}
{% macro listed(list) -%}
    length({{ list }}) - length(replace({{ list }}, '|', '')) + 1
{%- endmacro %}

{#- The list names a line that no version of the contract has. -#}
{% macro no_such_listed_line(list) -%}
    {%- set named = "'" ~ list.split('.') | last ~ " ' || " ~ quoted(list) -%}
    {{ problem(list, list, named ~ " || ' names a line the contract does not have, or that was rejected'") }}
{%- endmacro %}
