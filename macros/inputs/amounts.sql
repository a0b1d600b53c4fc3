{#-
  Minor units of an amount in major units. Exact where amount_problems finds nothing; otherwise the row is rejected.

  Usage:   {{ to_minor('delivered.amount', 'currencies.minor_units') }}
-#}
{% macro to_minor(amount, minor_units) -%}
    cast({{ amount }} * cast(power(10, {{ minor_units }}) as decimal(5, 0)) as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- WHEN branches for a money column: too many digits for its currency, or too large. Expects currency, minor_units, `column` and `column`_minor. -#}
{% macro amount_problems(column) -%}
    when {{ column }} * cast(power(10, minor_units) as decimal(5, 0)) <> {{ column }}_minor
                then {{ problem(column, plain_number(column), "'" ~ column ~ " ' || " ~ plain_number(column) ~ " || ' has more digits than ' || currency || ' allows (' || cast(minor_units as " ~ dbt.type_string() ~ ") || ')'") }}
            when abs({{ column }}_minor) >= 10000000000000
                then {{ problem(column, column ~ '_minor', "'" ~ column ~ " of ' || cast(" ~ column ~ "_minor as " ~ dbt.type_string() ~ ") || ' minor units is too large; it must be below 10^13'") }}
{%- endmacro %}

{#- A decimal as a person writes it: without trailing zeros. -#}
{% macro plain_number(value) -%}
    case when {{ value }} = floor({{ value }}) then cast(cast({{ value }} as {{ dbt.type_bigint() }}) as {{ dbt.type_string() }}) else regexp_replace(cast({{ value }} as {{ dbt.type_string() }}), '0+$', '') end
{%- endmacro %}
