-- A line that is both, neither or negative is read differently by every ERP.
select *
from {{ ref('journal_lines') }}
where
    debit < 0
    or credit < 0
    or (debit = 0 and credit = 0)
    or (debit <> 0 and credit <> 0)
