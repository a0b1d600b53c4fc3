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
