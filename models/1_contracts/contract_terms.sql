{{ config(materialized='view') }}
-- One row per line of a contract that this build computes.
select known.*
from {{ ref('known_contract_terms') }} as known
inner join {{ ref('changed_contracts') }} as changed
    on known.contract_key = changed.contract_key
