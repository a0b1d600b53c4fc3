{#-
  An engine key: 60 bits of the md5 of a text, so the same text has the same key on every engine.

  Usage:   {{ key_of('contract_id') }}
           {{ text_key(['contract_id', 'line_id']) }}
  Output:  bigint, 0 to 2^60 - 1; null for a null text. key_of("'abc'") is 648541476951500027

  `side` is the half of the md5 that the bits are of: its right one is another key of the same text, which costs no second md5.

  Two of n different texts share a key with a probability of n * n / 2^61: 2 in a million for 2 million of them.
-#}
{% macro key_of(text_expression, side='left') -%}
    {{ return(adapter.dispatch('key_of', 'revrec')(text_expression, side)) }}
{%- endmacro %}

{% macro default__key_of(text_expression, side='left') -%}
    cast(cast('x0' || {{ side }}(md5({{ text_expression }}), 15) as bit(64)) as bigint)
{%- endmacro %}

{% macro duckdb__key_of(text_expression, side='left') -%}
    cast('0x' || {{ side }}(md5({{ text_expression }}), 15) as bigint)
{%- endmacro %}

{% macro snowflake__key_of(text_expression, side='left') -%}
    cast(to_number({{ side }}(md5({{ text_expression }}), 15), 'XXXXXXXXXXXXXXX') as bigint)
{%- endmacro %}

{% macro bigquery__key_of(text_expression, side='left') -%}
    cast(concat('0x', {{ side }}(to_hex(md5({{ text_expression }})), 15)) as bigint)
{%- endmacro %}

{% macro spark__key_of(text_expression, side='left') -%}
    cast(conv({{ side }}(md5({{ text_expression }}), 15), 16, 10) as bigint)
{%- endmacro %}

{#-
  The key of several columns. They are joined with `|`; a `|` or `~` inside one is escaped with `~`, so ('a|b', 'c') and
  ('a', 'b|c') differ. Null and '' are the same: the input layer has no blank texts.
-#}
{% macro text_key(parts) -%}
    {%- set escaped = [] -%}
    {%- for part in parts -%}
        {%- do escaped.append(escaped_text("coalesce(cast(" ~ part ~ " as " ~ dbt.type_string() ~ "), '')")) -%}
    {%- endfor -%}
    {{ key_of(escaped | join(" || '|' || ")) }}
{%- endmacro %}

{% macro escaped_text(text) -%}
    {{ return(adapter.dispatch('escaped_text', 'revrec')(text)) }}
{%- endmacro %}

{% macro default__escaped_text(text) -%}
    replace(replace({{ text }}, '~', '~~'), '|', '~|')
{%- endmacro %}

{# Few texts hold either: to look for them takes a third of the time that copying each text twice does. #}
{% macro duckdb__escaped_text(text) -%}
    case when contains({{ text }}, '~') or contains({{ text }}, '|') then {{ default__escaped_text(text) }} else {{ text }} end
{%- endmacro %}
