-- An entry whose debits and credits differ cannot be posted by any ERP, and the trial balance would not close.
select
    entity_id,
    book,
    entry_id,
    sum(debit) as debits,
    sum(credit) as credits,
    sum(functional_debit) as functional_debits,
    sum(functional_credit) as functional_credits
from {{ ref('journal_lines') }}
where {{ is_to_check('entry_id', by='entry_id', entries=ref('journal_lines')) }}
group by entity_id, book, entry_id
having sum(debit) <> sum(credit) or sum(functional_debit) <> sum(functional_credit)
