{#- A JSON array of plain values, as text: the argument rows of the Python functions. Fields come from json_number and json_word. -#}
{% macro json_row(fields) -%}
    concat('[', {% for field in fields %}{{ field }}{{ ", ',', " if not loop.last }}{% endfor %}, ']')
{%- endmacro %}

{#- A whole number, or null. -#}
{% macro json_number(expression) -%}
    coalesce(cast({{ expression }} as {{ dbt.type_string() }}), 'null')
{%- endmacro %}

{#- A plain word without quotes or backslashes, or null. -#}
{% macro json_word(expression) -%}
    coalesce('"' || {{ expression }} || '"', 'null')
{%- endmacro %}

{#- A decimal as whole millionths. -#}
{% macro millionths(expression) -%}
    cast(round({{ expression }} * 1000000, 0) as {{ dbt.type_bigint() }})
{%- endmacro %}
