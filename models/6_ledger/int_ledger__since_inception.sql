{{ config(materialized='view') }}
-- One row per posting of a fact or of revenue since the contract began, before contract positions are presented; of the contracts this build computes.
select * from {{ ref('int_ledger__events') }}
union all
select revenue.*
from {{ ref('int_ledger__revenue') }} as revenue
inner join {{ ref('changed_contracts') }} as changed
    on revenue.contract_key = changed.contract_key
