{#-
  Debits equal credits in every group, exactly.

  Usage:   - balanced: { arguments: { group_by: [entry_id] } }
           - balanced: { arguments: { group_by: [period], debit: functional_debit, credit: functional_credit } }
-#}
{% test balanced(model, group_by, debit='debit_minor', credit='credit_minor') %}
select
    {{ group_by | join(', ') }},
    sum({{ debit }}) as debits,
    sum({{ credit }}) as credits
from {{ model }}
group by {{ group_by | join(', ') }}
having coalesce(sum({{ debit }}), 0) <> coalesce(sum({{ credit }}), 0)
{% endtest %}
