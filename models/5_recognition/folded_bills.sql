-- One row per bill of service that a credit note or a void changes: slices of its schedule and what of it was earned and is taken back, folded in Python.
select
    contract_key,
    schedule_key,
    {{ udf('fold_invoice') }}(facts) as folded
from {{ ref('int_recognition__bill_facts') }}
