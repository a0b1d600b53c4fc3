{#-
  No two rows agree in all of `columns`. Nulls count as equal. `asked` is a condition: the rows that are looked at.

  Usage:   - unique_combination: { arguments: { columns: [contract_id, version] } }
-#}
{% test unique_combination(model, columns, asked=none) %}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {#- rejected_inputs has columns named by reserved words. -#}
        {%- do names.append(adapter.quote(column) if column in ['table', 'row', 'column'] else column) -%}
    {%- endfor -%}
select
    {{ names | join(', ') }},
    count(*) as row_count
from {{ model }}
{%- if asked %}
where {{ asked }}
{%- endif %}
group by {{ names | join(', ') }}
having count(*) > 1
{% endtest %}
