{#-
  A unit price for the quantity of a line and, where the unit is a span of time, for its term: rounded once.
  Reads the columns quantity, priced_days and unit_days of the caller (1 and 1 where the price is for each).
-#}
{% macro priced_quantity(price_minor) -%}
    case when {{ price_minor }} is not null then
        {{ rounded_share(price_minor, 'cast(' ~ millionths('quantity') ~ ' as ' ~ wide_int() ~ ') * priced_days', '1000000 * unit_days', wide=true) }}
    end
{%- endmacro %}
