{#- Minor units to a decimal in major units, exact: the edge where money leaves the engine. -#}
{% macro to_major(amount_minor, minor_units='minor_units') -%}
    cast(
        cast({{ amount_minor }} as decimal(18, 0))
        * case {{ minor_units }}
            when 0 then cast('1' as decimal(4, 3))
            when 3 then cast('0.001' as decimal(4, 3))
            else cast('0.01' as decimal(4, 3))
        end
        as decimal(18, 3)
    )
{%- endmacro %}
