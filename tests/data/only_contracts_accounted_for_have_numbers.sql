-- Postings of a contract that is gone, or that the engine refused, were left behind by an earlier build.
select distinct postings.contract_key
from {{ ref('ledger_postings') }} as postings
left join {{ ref('posting_parties') }} as parties
    on postings.contract_key = parties.contract_key
where parties.contract_key is null
union all
select distinct revenue.contract_key
from {{ ref('revenue_by_period') }} as revenue
left join {{ ref('known_contracts') }} as contracts
    on revenue.contract_key = contracts.contract_key
where contracts.contract_key is null
