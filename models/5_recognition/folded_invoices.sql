-- One row per contract with events in sequence: slices of its schedules and the movements of its events, folded in Python.
select
    contract_key,
    {{ udf('fold_invoice') }}(facts) as folded
from {{ ref('int_recognition__invoice_facts') }}
