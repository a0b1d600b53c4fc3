{#-
  Minor units of an amount in major units. Exact where amount_problems finds nothing; the row is rejected where it finds
  something.

  Usage:   {{ to_minor('delivered.amount', 'currencies.minor_units') }}
  Output:  bigint; null for a null amount or an unknown currency
-#}
{% macro to_minor(amount, minor_units) -%}
    cast({{ scaled(amount, minor_units) }} as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- decimal(28, 9) * decimal(5, 0) fits every engine's 38 digits, so no engine rounds here. -#}
{% macro scaled(amount, minor_units) -%}
    {{ amount }} * cast(
            case {{ minor_units }} when 0 then 1 when 1 then 10 when 2 then 100 when 3 then 1000 when 4 then 10000 end
            as decimal(5, 0)
        )
{%- endmacro %}

{#- Minor units of a delivered money column: as the system gave them, else from major units. -#}
{% macro delivered_minor(column) -%}
    coalesce(
            delivered.given_{{ column }}_minor,
            {{ to_minor('delivered.' ~ column, 'currencies.minor_units') }}
        )
{%- endmacro %}

{#-
  WHEN branches for a money column: more digits than its currency has, or too large.
  Expects the columns currency, minor_units, `column` (major units; null when the system gives minor units) and
  `column`_minor.
-#}
{% macro amount_problems(column) -%}
    {%- set written = plain_number(column) -%}
    {%- set minor = column ~ '_minor' -%}
    {%- set digits = "cast(minor_units as " ~ dbt.type_string() ~ ")" -%}
    {%- set allowed = "currency || ' allows (' || " ~ digits ~ " || ')'" -%}
    {%- set size = "cast(" ~ minor ~ " as " ~ dbt.type_string() ~ ")" -%}
    when {{ scaled(column, 'minor_units') }} <> {{ minor }}
                then {{ problem(
                    column, written, "'" ~ column ~ " ' || " ~ written ~ " || ' has more digits than ' || " ~ allowed
                ) }}
            when abs({{ minor }}) >= 10000000000000
                then {{ problem(
                    column, minor, "'" ~ column ~ " is ' || " ~ size ~ " || ' minor units; it must be below 10^13'"
                ) }}
{%- endmacro %}

{#- A decimal as a person writes it, without trailing zeros. -#}
{% macro plain_number(value) -%}
    {%- set text = dbt.type_string() -%}
    {%- set whole = "cast(" ~ value ~ " as " ~ dbt.type_bigint() ~ ")" -%}
    case
                        when {{ value }} = floor({{ value }}) then cast({{ whole }} as {{ text }})
                        else regexp_replace(cast({{ value }} as {{ text }}), '0+$', '')
                    end
{%- endmacro %}
