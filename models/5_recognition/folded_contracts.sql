-- One row per contract with a history, or per group of combined contracts: its schedules, prices and liabilities, folded in Python.
select
    contract_key,
    {{ udf('fold_contract') }}(facts) as folded
from {{ ref('int_recognition__histories') }}
