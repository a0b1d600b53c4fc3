{#-
  What writing state needs: text as a literal, a strong hash, several statements that happen together or not at all.

  Usage:   {{ text_literal(reason) }}               Output: a string literal of any text; null for none
           {{ sha256_of("'abc'") }}                 Output: 64 hexadecimal digits of the UTF-8 bytes
           {% do atomically([insert_1, insert_2]) %}         runs one script; two writers come one after the other

  Spark has no transactions: its statements run in their order, the one that counts first.
-#}
{% macro text_literal(value) -%}
    {%- if value is none -%}{{ return('null') }}{%- endif -%}
    {{ return(adapter.dispatch('text_literal', 'revrec')(value | string)) }}
{%- endmacro %}

{% macro default__text_literal(value) -%}
    {{ return("'" ~ value.replace("'", "''") ~ "'") }}
{%- endmacro %}

{# These read a backslash as the start of an escape. #}
{% macro snowflake__text_literal(value) -%}
    {{ return("'" ~ value.replace('\\', '\\\\').replace("'", "''") ~ "'") }}
{%- endmacro %}

{% macro bigquery__text_literal(value) -%}
    {{ return("'" ~ value.replace('\\', '\\\\').replace("'", "\\'").replace('\n', '\\n').replace('\r', '\\r') ~ "'") }}
{%- endmacro %}

{% macro spark__text_literal(value) -%}
    {{ return("'" ~ value.replace('\\', '\\\\').replace("'", "\\'") ~ "'") }}
{%- endmacro %}

{% macro sha256_of(expression) -%}
    {{ return(adapter.dispatch('sha256_of', 'revrec')(expression)) }}
{%- endmacro %}

{% macro default__sha256_of(expression) -%}
    sha2({{ expression }}, 256)
{%- endmacro %}

{% macro duckdb__sha256_of(expression) -%}
    sha256({{ expression }})
{%- endmacro %}

{% macro postgres__sha256_of(expression) -%}
    encode(sha256(convert_to({{ expression }}, 'UTF8')), 'hex')
{%- endmacro %}

{% macro bigquery__sha256_of(expression) -%}
    to_hex(sha256({{ expression }}))
{%- endmacro %}

{% macro atomically(statements) -%}
    {{ return(adapter.dispatch('atomically', 'revrec')(statements)) }}
{%- endmacro %}

{% macro default__atomically(statements) -%}
    {%- do run_query('begin;\n' ~ statements | join(';\n') ~ ';\ncommit;') -%}
{%- endmacro %}

{% macro bigquery__atomically(statements) -%}
    {%- do run_query('begin transaction;\n' ~ statements | join(';\n') ~ ';\ncommit transaction;') -%}
{%- endmacro %}

{# The second of two writers waits here, and then sees what the first one wrote. #}
{% macro postgres__atomically(statements) -%}
    {%- do run_query('begin;\nselect pg_advisory_xact_lock(606);\n' ~ statements | join(';\n') ~ ';\ncommit;') -%}
{%- endmacro %}

{% macro spark__atomically(statements) -%}
    {%- for statement in statements -%}
        {%- do run_query(statement) -%}
    {%- endfor -%}
{%- endmacro %}
