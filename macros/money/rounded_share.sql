{#-
  amount × part ÷ whole, rounded once, half away from zero; 0 <= part <= whole, whole > 0. Every amount the engine rounds comes from here.
  `wide` where amount × part may leave 64 bits.
-#}
{% macro rounded_share(amount, part, whole, wide=false) -%}
    {%- set factor = 'cast(abs(' ~ amount ~ ') as ' ~ wide_int() ~ ')' if wide else 'abs(' ~ amount ~ ')' -%}
    (case when {{ amount }} < 0 then -1 else 1 end * {{ int_div('2 * ' ~ factor ~ ' * (' ~ part ~ ') + (' ~ whole ~ ')', '2 * (' ~ whole ~ ')') }})
{%- endmacro %}
