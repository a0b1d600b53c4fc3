{#-
  amount × rate in minor units of the functional currency, rounded once, half away from zero. `rate` is in units of 10^-18; its whole part and its
  fraction are multiplied apart, since 38 digits do not hold both with the amount: below 10^15 minor units nothing overflows.
-#}
{% macro translated(amount, rate, minor_units, functional_minor_units) -%}
    {%- set atto = '1000000000000000000' -%}
    {%- set doubled = 'cast(abs(' ~ amount ~ ') as ' ~ wide_int() ~ ') * (2 * ' ~ units_in_one(functional_minor_units) ~ ')' -%}
    {%- set whole = doubled ~ ' * ' ~ int_div(rate, atto) -%}
    {%- set fraction = int_div(doubled ~ ' * ' ~ int_mod(rate, atto), atto) -%}
    case when {{ amount }} < 0 then -1 else 1 end
        * {{ int_div(whole ~ ' + ' ~ fraction ~ ' + ' ~ units_in_one(minor_units), '2 * ' ~ units_in_one(minor_units)) }}
{%- endmacro %}

{#- Minor units in one unit of a currency. -#}
{% macro units_in_one(minor_units) -%}
    (case {{ minor_units }} when 0 then 1 when 3 then 1000 else 100 end)
{%- endmacro %}
