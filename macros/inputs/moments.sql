{#- The knowledge cut-off of this build: only rows known by then are seen. -#}
{% macro as_of() -%}
    cast('{{ var("as_of") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- Before everything: when a row that says neither a moment nor a business date was known. -#}
{% macro beginning() -%}
    cast('1990-01-01 00:00:00' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- When a delivered row was recorded: as it says, else at the start of its business date, else at the beginning. -#}
{% macro recorded_or_start_of(date) -%}
    coalesce(delivered.given_recorded_at, cast({{ date }} as {{ dbt.type_timestamp() }}), {{ beginning() }})
{%- endmacro %}

{#- The latest of some moments, each of which may be null; the beginning when all are. -#}
{% macro latest_of(moments) -%}
    {%- set known = [] -%}
    {%- for moment in moments -%}
        {%- do known.append('coalesce(' ~ moment ~ ', ' ~ beginning() ~ ')') -%}
    {%- endfor -%}
    {{ 'greatest(' ~ known | join(', ') ~ ')' if known | length > 1 else known[0] }}
{%- endmacro %}
