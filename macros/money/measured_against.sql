{#-
  What a measure of progress is a part of: what is expected in all, 100 for a percentage, the quantity promised. Breakage thought remote is not
  anticipated: the units promised are what is measured against (606-10-55-48).

  Usage:   {{ measured_against('obligations.recognition_method', 'progress.expected', 'obligations.quantity', 'contracts.breakage') }}
-#}
{% macro measured_against(method, expected, quantity, breakage) -%}
    case
        when {{ method }} = 'percent_complete' then coalesce({{ expected }}, 100)
        when {{ method }} = 'units' and {{ breakage }} = 'remote' then {{ quantity }}
        else coalesce({{ expected }}, {{ quantity }})
    end
{%- endmacro %}
