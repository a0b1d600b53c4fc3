-- One row per contract in a foreign currency to compute anew: functional amounts and exchange differences, folded in Python.
select
    contract_key,
    {{ udf('fold_currency') }}(facts) as folded
from {{ ref('int_ledger__fx_facts') }}
