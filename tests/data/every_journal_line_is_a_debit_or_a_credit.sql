-- A line that is both, neither or negative is read differently by every ERP. An exchange difference has an amount in the books only.
select *
from {{ ref('journal_lines') }}
where
    debit < 0
    or credit < 0
    or functional_debit < 0
    or functional_credit < 0
    or (debit = 0 and credit = 0 and functional_debit = 0 and functional_credit = 0)
    or (debit <> 0 and credit <> 0)
    or (functional_debit <> 0 and functional_credit <> 0)
