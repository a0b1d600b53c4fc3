{{ config(materialized='view') }}
-- One row per contract and book that this build computes, the changed ones of those that are accounted for.
select known.*
from {{ ref('known_contracts') }} as known
inner join {{ ref('changed_contracts') }} as changed
    on known.contract_key = changed.contract_key
