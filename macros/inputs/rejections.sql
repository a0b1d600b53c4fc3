{#-
  What is wrong with a row: the column, its value and a reason, in one text so that a model decides it with one CASE. Null means nothing is wrong.
  rejected_inputs takes it apart with problem_part.

  Usage:   case when ends_on < starts_on then {{ problem('ends_on', 'ends_on', "'ends_on is before starts_on'") }} end as problem
-#}
{% macro problem(column, value, reason) -%}
    '{{ column }}{{ problem_separator() }}' || coalesce(cast({{ value }} as {{ dbt.type_string() }}), '') || '{{ problem_separator() }}' || {{ reason }}
{%- endmacro %}

{#- 1 the column, 2 the value, 3 the reason. -#}
{% macro problem_part(part) -%}
    {{ dbt.split_part('problem', "'" ~ problem_separator() ~ "'", part) }}
{%- endmacro %}

{#- A control character no file can hold: the loader refuses it. -#}
{% macro problem_separator() -%}
    {{- return('\x1f') -}}
{%- endmacro %}

{#- The row refers to something that is not there. `column` holds the id. -#}
{% macro no_such(thing, column) -%}
    {{ problem(column, column, "'" ~ thing ~ " ''' || " ~ column ~ " || ''' does not exist or was rejected'") }}
{%- endmacro %}

{#- The row names a currency that seeds/currencies.csv does not have. -#}
{% macro no_such_currency(column) -%}
    {{ problem(column, column, "'currency ''' || " ~ column ~ " || ''' is not an ISO 4217 code that revrec knows'") }}
{%- endmacro %}

{#- The row refers to a version of its contract that is not there. -#}
{% macro no_such_version(column='version') -%}
    {{ problem(column, column, "'version ' || cast(" ~ column ~ " as " ~ dbt.type_string() ~ ") || ' of contract ''' || contract_id || ''' does not exist or was rejected'") }}
{%- endmacro %}
