{#-
  The model has rows wherever `when`, what it is made from, has some. Without this, every other test passes on an
  empty table.

  Usage:   - not_empty: { arguments: { when: ref('input_contracts') } }
-#}
{% test not_empty(model, when) %}
with counts as (
    select
        (select count(*) from {{ model }}) as row_count,
        (select count(*) from {{ when }}) as rows_it_is_made_from
)

select *
from counts
where row_count = 0 and rows_it_is_made_from > 0
{% endtest %}
