{#-
  A line's part of what its obligation has earned: the difference of two cumulative shares, so that the lines add up to the obligation.
  Reads the columns of line_shares.
-#}
{% macro line_share(earned) -%}
    case
        when line_shares.line_count = 1 or line_shares.whole_minor = 0 then {{ earned }} * (line_shares.upto_minor - line_shares.before_minor)
        else {{ signed_share(earned, 'line_shares.upto_minor', 'line_shares.whole_minor') }}
            - {{ signed_share(earned, 'line_shares.before_minor', 'line_shares.whole_minor') }}
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
