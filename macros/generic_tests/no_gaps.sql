{#-
  The whole numbers in `column` follow each other without a gap in every group (in the whole model, without
  `group_by`); from `first`, if given.

  Usage:   - no_gaps: { arguments: { column: line_no, group_by: [entry_id], first: 1 } }
-#}
{% test no_gaps(model, column, group_by=[], first=none) %}
with spans as (
    select
        {% for name in group_by %}{{ name }}, {% endfor %}
        count(distinct {{ column }}) as numbers,
        min({{ column }}) as first_number,
        max({{ column }}) as last_number
    from {{ model }}
    {% if group_by %}group by {{ group_by | join(', ') }}{% endif %}
)

select *
from spans
where
    last_number - first_number + 1 <> numbers
    {% if first is not none %}or first_number <> {{ first }}{% endif %}
{% endtest %}
