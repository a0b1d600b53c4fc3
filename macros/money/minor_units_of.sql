{#- quantity × unit price in minor units, rounded once, half away from zero. Exact to six decimals of each. -#}
{% macro minor_units_of(quantity, unit_price, minor_units) -%}
    cast(round(
        cast({{ quantity }} as decimal(18, 6)) * cast(
            cast({{ unit_price }} as decimal(15, 6)) * case {{ minor_units }} when 0 then 1 when 2 then 100 when 3 then 1000 end
            as decimal(18, 6)
        ), 0) as {{ dbt.type_bigint() }})
{%- endmacro %}
