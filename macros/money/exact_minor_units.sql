{#-
  quantity × unit price in minor units, not rounded: thirteen digits and nine decimals of quantity, nine decimals of a price in a currency
  of two. Uses are added up first and rounded once, so that many small ones come to what the invoice says.
-#}
{% macro exact_minor_units(quantity, unit_price, minor_units) -%}
    cast({{ quantity }} as {{ wide_decimal(22, 9) }}) * cast(
        {{ unit_price }} * case {{ minor_units }} when 0 then 1 when 3 then 1000 else 100 end as decimal(16, 7)
    )
{%- endmacro %}
