{#- period_no of the var `through`: the last period for which drafts are made. -#}
{% macro through_period_no() -%}
    {%- set through = var('through').split('-') -%}
    {{ return(through[0] | int * 12 + through[1] | int - 1) }}
{%- endmacro %}

{#- The last day of that period, as text. -#}
{% macro through_last_day() -%}
    {%- set following = through_period_no() + 1 -%}
    {%- set first_of_following = modules.datetime.date(following // 12, following % 12 + 1, 1) -%}
    {{ return((first_of_following - modules.datetime.timedelta(days=1)).isoformat()) }}
{%- endmacro %}
