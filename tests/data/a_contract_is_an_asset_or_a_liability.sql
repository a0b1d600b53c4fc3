-- Rights and obligations of one contract are shown net, unless the entity elected to keep them by line (606-10-45-1).
select
    balances.contract_id,
    balances.period,
    balances.contract_asset,
    balances.contract_liability
from {{ ref('contract_balances') }} as balances
inner join {{ ref('contracts') }} as contracts
    on
        balances.contract_id = contracts.contract_id
        and balances.entity_id = contracts.entity_id
        and balances.book = contracts.book
where contracts.position_level = 'contract' and balances.contract_asset <> 0 and balances.contract_liability <> 0
