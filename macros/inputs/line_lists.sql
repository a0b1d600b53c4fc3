{#- Whether a `|`-separated list of line ids holds one. -#}
{% macro is_listed(line_id, list) -%}
    {{ dbt.position("'|' || " ~ line_id ~ " || '|'", "'|' || " ~ list ~ " || '|'") }} > 0
{%- endmacro %}

{#- How many ids a `|`-separated list holds. -#}
{% macro listed(list) -%}
    length({{ list }}) - length(replace({{ list }}, '|', '')) + 1
{%- endmacro %}

{#- The list names a line that no version of the contract has. -#}
{% macro no_such_listed_line(list) -%}
    {{ problem(list, list, "'" ~ list.split('.') | last ~ " ''' || " ~ list ~ " || ''' names a line the contract does not have, or that was rejected'") }}
{%- endmacro %}
