{#-
  What is wrong with a row: the column, its value and a reason, in one text, so that a model decides it with one CASE.
  Null: nothing is wrong. rejected_inputs takes it apart.

  Usage:   case when rate <= 0 then {{ problem('rate', 'rate', "'rate must be above zero'") }} end as problem

  `column` may be qualified; `value` and `reason` are SQL expressions. A null value shows as nothing; a null reason
  would hide the problem.
-#}
{% macro problem(column, value, reason) -%}
    {%- set separator = "'" ~ problem_separator() ~ "'" -%}
    {%- set shown = "coalesce(cast(" ~ value ~ " as " ~ dbt.type_string() ~ "), '')" -%}
    '{{ column.split('.') | last }}' || {{ separator }} || {{ shown }} || {{ separator }} || {{ reason }}
{%- endmacro %}

{#- The three parts of a problem. Each pattern is anchored, so it matches once on every engine. -#}
{% macro problem_column() -%}
    {{ without_match('problem', 'S[^S]*S[^S]*$') }}
{%- endmacro %}

{% macro problem_value() -%}
    {{ without_match(without_match('problem', '^[^S]*S'), 'S[^S]*$') }}
{%- endmacro %}

{% macro problem_reason() -%}
    {{ without_match('problem', '^[^S]*S[^S]*S') }}
{%- endmacro %}

{#- A text without what the pattern matches; S stands for the separator. -#}
{% macro without_match(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern | replace('S', problem_separator()) }}', '')
{%- endmacro %}

{#- Not in any id: a file with control characters in an id is refused. -#}
{% macro problem_separator() -%}
    {{- return('\x1f') -}}
{%- endmacro %}

{#- A text between single quotes, for a reason. -#}
{% macro quoted(text) -%}
    {%- set mark = "'" ~ dbt.escape_single_quotes("'") ~ "'" -%}
    {{ mark }} || {{ text }} || {{ mark }}
{%- endmacro %}

{#- The row refers to something that is not there; `column` holds its id. -#}
{% macro no_such(thing, column) -%}
    {{ problem(column, column, "'" ~ thing ~ " ' || " ~ quoted(column) ~ " || ' does not exist or was rejected'") }}
{%- endmacro %}

{#- The row refers to a version of its contract that is not there. -#}
{% macro no_such_version(column='version') -%}
    {%- set version = "cast(" ~ column ~ " as " ~ dbt.type_string() ~ ")" -%}
    {%- set contract = quoted('contract_id') -%}
    {%- set named = "'version ' || " ~ version ~ " || ' of contract ' || " ~ contract -%}
    {{ problem(column, column, named ~ " || ' does not exist or was rejected'") }}
{%- endmacro %}

{#- The row refers to a line that no version of its contract has; `contract` is the expression with the contract. -#}
{% macro no_such_line(contract='contract_id', column='line_id') -%}
    {%- set owner = quoted("coalesce(" ~ contract ~ ", '')") -%}
    {%- set named = "'contract ' || " ~ owner ~ " || ' has no line ' || " ~ quoted(column) -%}
    {{ problem(column, column, named ~ " || ', or it was rejected'") }}
{%- endmacro %}

{#- The row names a currency that seeds/currencies.csv does not have. -#}
{% macro no_such_currency(column) -%}
    {%- set named = "'" ~ column ~ " ' || " ~ quoted(column) -%}
    {{ problem(column, column, named ~ " || ' is not a currency of seeds/currencies.csv'") }}
{%- endmacro %}

{#- The row names an account role that seeds/account_roles.csv does not have. -#}
{% macro no_such_role() -%}
    {%- set named = "'role ' || " ~ quoted('role') -%}
    {{ problem('role', 'role', named ~ " || ' is not an account role of seeds/account_roles.csv'") }}
{%- endmacro %}
