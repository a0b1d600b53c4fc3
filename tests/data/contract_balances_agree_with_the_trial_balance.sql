-- Receivables, assets and liabilities by contract must be the accounts' balances; an auditor starts from either side.
with by_contract as (
    select
        entity_id,
        book,
        currency,
        period,
        sum(receivable) as receivable,
        sum(unbilled_receivable) as unbilled_receivable,
        sum(contract_asset) as contract_asset,
        sum(contract_liability) as contract_liability,
        sum(refund_liability) as refund_liability
    from {{ ref('contract_balances') }}
    group by entity_id, book, currency, period
),

by_account as (
    select
        entity_id,
        book,
        currency,
        period,
        sum(case when role = 'accounts_receivable' then closing else 0 end) as receivable,
        sum(case when role = 'unbilled_receivable' then closing else 0 end) as unbilled_receivable,
        sum(case when role = 'contract_asset' then closing else 0 end) as contract_asset,
        sum(case when role = 'deferred_revenue' then closing else 0 end) as contract_liability,
        sum(case when role = 'refund_liability' then closing else 0 end) as refund_liability
    from {{ ref('trial_balance') }}
    group by entity_id, book, currency, period
)

select
    coalesce(by_contract.entity_id, by_account.entity_id) as entity_id,
    coalesce(by_contract.period, by_account.period) as period
from by_contract
full outer join by_account
    on
        by_contract.entity_id = by_account.entity_id
        and by_contract.book = by_account.book
        and by_contract.currency = by_account.currency
        and by_contract.period = by_account.period
where
    coalesce(by_contract.receivable, 0) <> coalesce(by_account.receivable, 0)
    or coalesce(by_contract.unbilled_receivable, 0) <> coalesce(by_account.unbilled_receivable, 0)
    or coalesce(by_contract.contract_asset, 0) <> coalesce(by_account.contract_asset, 0)
    or coalesce(by_contract.contract_liability, 0) <> coalesce(by_account.contract_liability, 0)
    or coalesce(by_contract.refund_liability, 0) <> coalesce(by_account.refund_liability, 0)
