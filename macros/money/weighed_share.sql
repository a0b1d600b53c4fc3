{#-
  One part of an amount that is divided by weight: the difference of two cumulative shares, so that the parts add up to it. `upto` is the sum of the
  weights through this one, `whole` of all; where nothing weighs, the first part takes all.
-#}
{% macro weighed_share(amount, place, weight, upto, whole) -%}
    case
        when {{ whole }} = 0 then case when {{ place }} = 1 then {{ amount }} else 0 end
        when {{ weight }} = {{ whole }} then {{ amount }}
        else {{ rounded_share(amount, upto, whole, wide=true) }}
            - {{ rounded_share(amount, upto ~ ' - ' ~ weight, whole, wide=true) }}
    end
{%- endmacro %}
