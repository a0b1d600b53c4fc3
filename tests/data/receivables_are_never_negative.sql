-- A negative balance sits on the wrong side of the balance sheet: a credit is a customer balance, a shortfall a
-- contract asset (606-10-45-1).
-- What a person wrote of no contract, or of one that is not accounted for, is a part of a balance: it has no side.
select balances.*
from {{ ref('contract_balances') }} as balances
inner join {{ ref('contracts') }} as contracts
    on
        balances.contract_id = contracts.contract_id
        and balances.entity_id = contracts.entity_id
        and balances.book = contracts.book
where
    balances.receivable < 0
    or balances.unbilled_receivable < 0
    or balances.contract_asset < 0
    or balances.contract_liability < 0
    or balances.refund_liability < 0
