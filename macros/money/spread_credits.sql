{#-
  The CTEs `spread`, `cumulative` and `parts`: what each credit that names no line takes of each of those it is spread over, price by price and tax
  by tax; cumulative, then difference.

  The CTE `weighed` holds the credits beside what they are spread over, with amount_minor, tax_minor and a weight of each. `over` are the columns of
  what is spread over, `place` its order, `credit` those of one credit. In `parts` each has amount_minor_part and tax_minor_part.
-#}
{% macro spread_credits(over, place, credit) -%}
{%- set in_order = 'partition by ' ~ over ~ ' order by issued_on, credit_note_id, credit_note_line_id' -%}
spread as (
    select
        weighed.*,
        {% for credited in ['amount_minor', 'tax_minor'] -%}
            sum({{ credited }}) over ({{ in_order }} rows between unbounded preceding and current row) as {{ credited }}_so_far,
            sum({{ credited }}_weight) over (
                partition by {{ credit }} order by {{ place }} rows between unbounded preceding and current row
            ) as {{ credited }}_upto,
            sum({{ credited }}_weight) over (partition by {{ credit }}) as {{ credited }}_whole{{ ',' if not loop.last }}
        {% endfor %}
    from weighed
    where invoice_line_id is null
),

cumulative as (
    select
        spread.*,
        {% for credited in ['amount_minor', 'tax_minor'] -%}
            {{ weighed_share(credited ~ '_so_far', place, credited ~ '_weight', credited ~ '_upto', credited ~ '_whole') }}
                as {{ credited }}_shared{{ ',' if not loop.last }}
        {% endfor %}
    from spread
),

parts as (
    select
        cumulative.*,
        {% for credited in ['amount_minor', 'tax_minor'] -%}
            cast({{ credited }}_shared - lag({{ credited }}_shared, 1, 0) over ({{ in_order }}) as {{ dbt.type_bigint() }})
                as {{ credited }}_part{{ ',' if not loop.last }}
        {% endfor %}
    from cumulative
)
{%- endmacro %}
