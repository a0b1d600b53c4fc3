-- Debits equal credits in every period, and so do the closing balances; anything else is an account that was left out.
select
    balances.entity_id,
    balances.book,
    balances.currency,
    balances.period,
    sum(balances.debit - balances.credit) as moved,
    sum(case roles.natural_side when 'debit' then balances.closing else -balances.closing end) as standing,
    sum(case roles.natural_side when 'debit' then balances.functional_closing else -balances.functional_closing end) as standing_in_the_books
from {{ ref('trial_balance') }} as balances
inner join {{ ref('account_roles') }} as roles
    on balances.role = roles.role
group by balances.entity_id, balances.book, balances.currency, balances.period
having
    sum(balances.debit - balances.credit) <> 0
    or sum(balances.functional_debit - balances.functional_credit) <> 0
    or sum(case roles.natural_side when 'debit' then balances.closing else -balances.closing end) <> 0
    or sum(case roles.natural_side when 'debit' then balances.functional_closing else -balances.functional_closing end) <> 0
