-- One row per capitalised cost with events in order: slices of its amortisation and the movements of its events, folded in Python.
select
    cost_key,
    contract_key,
    {{ udf('fold_cost') }}(facts) as folded
from {{ ref('int_recognition__cost_facts') }}
