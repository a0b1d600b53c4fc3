{#-
  No two rows agree in all of `columns`. Nulls count as equal.

  Usage:   - unique_combination: { arguments: { columns: [contract_id, version] } }
-#}
{% test unique_combination(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
