{{ config(materialized='view') }}
-- One row per invoice line that bills a contract that this build computes.
select known.*
from {{ ref('known_billings') }} as known
inner join {{ ref('changed_contracts') }} as changed
    on known.contract_key = changed.contract_key
