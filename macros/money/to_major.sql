{#- Minor units to a decimal in major units, exact: the edge where money leaves the engine. -#}
{% macro to_major(amount_minor, minor_units='minor_units') -%}
    cast(
        cast({{ amount_minor }} as decimal(18, 0))
        * cast(case {{ minor_units }} when 0 then 1 when 3 then 0.001 else 0.01 end as decimal(4, 3)) as decimal(18, 3)
    )
{%- endmacro %}
