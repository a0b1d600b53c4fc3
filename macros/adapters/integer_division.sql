{#-
  The quotient of two integers, without its remainder: exact, never through a double. Both must be integers (64 bit or
  wide_int), a >= 0 and b > 0: engines disagree on the sign of a remainder and on a zero divisor.

  Usage:   {{ int_div(cumulative, 'total_days') }}
  Output:  bigint; int_div('7', '2') is 3
-#}
{% macro int_div(a, b) -%}
    {{ return(adapter.dispatch('int_div', 'revrec')(a, b)) }}
{%- endmacro %}

{% macro default__int_div(a, b) -%}
    cast(div(cast({{ a }} as numeric), cast({{ b }} as numeric)) as bigint)
{%- endmacro %}

{% macro duckdb__int_div(a, b) -%}
    cast(({{ a }}) // ({{ b }}) as bigint)
{%- endmacro %}

{# Taking the remainder off first makes the decimal quotient a whole number, so its scale cannot round it. #}
{% macro snowflake__int_div(a, b) -%}
    cast((({{ a }}) - mod({{ a }}, {{ b }})) / ({{ b }}) as bigint)
{%- endmacro %}

{% macro bigquery__int_div(a, b) -%}
    cast(div({{ a }}, {{ b }}) as bigint)
{%- endmacro %}

{% macro spark__int_div(a, b) -%}
    cast(({{ a }}) div ({{ b }}) as bigint)
{%- endmacro %}

{#-
  The remainder that int_div leaves. Same terms: integers (64 bit or wide_int), a >= 0 and b > 0.

  Usage:   {{ int_mod('amount_minor', 'periods') }}
  Output:  bigint; int_mod('7', '2') is 1
-#}
{% macro int_mod(a, b) -%}
    {{ return(adapter.dispatch('int_mod', 'revrec')(a, b)) }}
{%- endmacro %}

{% macro default__int_mod(a, b) -%}
    cast(mod({{ a }}, {{ b }}) as bigint)
{%- endmacro %}

{% macro duckdb__int_mod(a, b) -%}
    cast(({{ a }}) % ({{ b }}) as bigint)
{%- endmacro %}

{% macro spark__int_mod(a, b) -%}
    cast(({{ a }}) % ({{ b }}) as bigint)
{%- endmacro %}
