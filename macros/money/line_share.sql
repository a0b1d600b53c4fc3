{#-
  A line's part of what its obligation has earned: the difference of two cumulative shares, so that the lines add up to the obligation.
  Reads the columns of line_shares, from `shares`.
-#}
{% macro line_share(earned, shares='line_shares') -%}
    case
        when {{ shares }}.line_count = 1 or {{ shares }}.whole_minor = 0 then {{ earned }} * ({{ shares }}.upto_minor - {{ shares }}.before_minor)
        else {{ signed_share(earned, shares ~ '.upto_minor', shares ~ '.whole_minor') }}
            - {{ signed_share(earned, shares ~ '.before_minor', shares ~ '.whole_minor') }}
    end
{%- endmacro %}

{#- amount × part ÷ whole where each may be negative. -#}
{% macro signed_share(amount, part, whole) -%}
    (
        case when {{ amount }} < 0 then -1 else 1 end * case when {{ part }} < 0 then -1 else 1 end
        * case when {{ whole }} < 0 then -1 else 1 end
        * {{ rounded_share('abs(' ~ amount ~ ')', 'abs(' ~ part ~ ')', 'abs(' ~ whole ~ ')', wide=true) }}
    )
{%- endmacro %}
