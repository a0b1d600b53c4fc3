-- A negative balance sits on the wrong side of the balance sheet: a credit is a customer balance, a shortfall a
-- contract asset (606-10-45-1).
select *
from {{ ref('contract_balances') }}
where
    receivable < 0
    or unbilled_receivable < 0
    or contract_asset < 0
    or contract_liability < 0
    or refund_liability < 0
