-- Revenue by contract must be revenue by account, in every period: the income statement and its detail are one number.
with by_line as (
    select
        entity_id,
        book,
        currency,
        posting_period as period,
        sum(amount) as amount
    from {{ ref('recognition_by_period') }}
    group by entity_id, book, currency, posting_period
),

by_account as (
    select
        balances.entity_id,
        balances.book,
        balances.currency,
        balances.period,
        sum(balances.credit - balances.debit) as amount
    from {{ ref('trial_balance') }} as balances
    inner join {{ ref('account_roles') }} as roles
        on balances.role = roles.role
    where roles.is_contra_revenue or balances.role = 'revenue'
    group by balances.entity_id, balances.book, balances.currency, balances.period
)

select
    coalesce(by_line.entity_id, by_account.entity_id) as entity_id,
    coalesce(by_line.period, by_account.period) as period,
    by_line.amount as by_line,
    by_account.amount as by_account
from by_line
full outer join by_account
    on
        by_line.entity_id = by_account.entity_id
        and by_line.book = by_account.book
        and by_line.currency = by_account.currency
        and by_line.period = by_account.period
where coalesce(by_line.amount, 0) <> coalesce(by_account.amount, 0)
