{#-
  The sum of `column` equals the sum of `other_column` in another model, exactly: in total, or in every group of the
  columns in `group_by`, which both models have. Columns may be expressions. A group that only one side has must sum
  to zero.

  Usage:   - sums_match:
               arguments: { column: amount_minor, other: ref('billings'), other_column: net_minor, group_by: [period] }
-#}
{% test sums_match(model, column, other, other_column=none, group_by=[]) %}
with both_sides as (
    select
        {% for name in group_by %}{{ name }}, {% endfor %}
        {{ column }} as amount,
        0 as other_amount
    from {{ model }}
    union all
    select
        {% for name in group_by %}{{ name }}, {% endfor %}
        0 as amount,
        {{ other_column or column }} as other_amount
    from {{ other }}
),

totals as (
    select
        {% for name in group_by %}{{ name }}, {% endfor %}
        coalesce(sum(amount), 0) as amount,
        coalesce(sum(other_amount), 0) as other_amount
    from both_sides
    {% if group_by %}group by {{ group_by | join(', ') }}{% endif %}
)

select *
from totals
where amount <> other_amount
{% endtest %}
