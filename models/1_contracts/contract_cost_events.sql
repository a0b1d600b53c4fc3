{{ config(materialized='view') }}
-- One row per event of a contract cost that this build computes.
select known.*
from {{ ref('known_contract_cost_events') }} as known
inner join {{ ref('changed_contracts') }} as changed
    on known.contract_key = changed.contract_key
