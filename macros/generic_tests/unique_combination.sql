{#-
  No two rows agree in all of `columns`. Nulls count as equal.

  Usage:   - unique_combination: { arguments: { columns: [contract_id, version] } }
-#}
{% test unique_combination(model, columns) %}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {#- rejected_inputs has columns named by reserved words. -#}
        {%- do names.append(adapter.quote(column) if column in ['table', 'row', 'column'] else column) -%}
    {%- endfor -%}
select
    {{ names | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ names | join(', ') }}
having count(*) > 1
{% endtest %}
