-- Reports by account must be the journal, summed; else the ERP and the sub-ledger show different months.
with journal as (
    select
        lines.entity_id,
        lines.book,
        lines.role,
        coalesce(lines.account_code, '') as account_code,
        lines.currency,
        entries.posting_period as period,
        sum(lines.debit) as debit,
        sum(lines.credit) as credit,
        sum(lines.functional_debit - lines.functional_credit) as functional
    from {{ ref('journal_lines') }} as lines
    inner join {{ ref('journal_entries') }} as entries
        on
            lines.entity_id = entries.entity_id
            and lines.book = entries.book
            and lines.entry_id = entries.entry_id
    group by
        lines.entity_id, lines.book, lines.role, coalesce(lines.account_code, ''), lines.currency,
        entries.posting_period
),

balances as (
    select
        entity_id,
        book,
        role,
        coalesce(account_code, '') as account_code,
        currency,
        period,
        sum(debit) as debit,
        sum(credit) as credit,
        sum(functional_debit - functional_credit) as functional
    from {{ ref('trial_balance') }}
    group by entity_id, book, role, coalesce(account_code, ''), currency, period
)

select
    coalesce(journal.entity_id, balances.entity_id) as entity_id,
    coalesce(journal.role, balances.role) as role,
    coalesce(journal.period, balances.period) as period,
    journal.debit as journal_debit,
    balances.debit as balance_debit,
    journal.credit as journal_credit,
    balances.credit as balance_credit
from journal
full outer join balances
    on
        journal.entity_id = balances.entity_id
        and journal.book = balances.book
        and journal.role = balances.role
        and journal.account_code = balances.account_code
        and journal.currency = balances.currency
        and journal.period = balances.period
where
    coalesce(journal.debit, 0) <> coalesce(balances.debit, 0)
    or coalesce(journal.credit, 0) <> coalesce(balances.credit, 0)
    or coalesce(journal.functional, 0) <> coalesce(balances.functional, 0)
