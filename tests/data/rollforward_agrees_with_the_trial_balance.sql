-- Deferred revenue by contract and assets by cost must be the accounts' balances; else the disclosure and the balance sheet differ.
with rolled as (
    select
        'deferred_revenue' as role,
        entity_id,
        book,
        currency,
        period,
        sum(closing) as closing
    from {{ ref('deferred_revenue_rollforward') }}
    group by entity_id, book, currency, period
    union all
    select
        'contract_cost_asset' as role,
        entity_id,
        book,
        currency,
        period,
        sum(closing) as closing
    from {{ ref('contract_cost_rollforward') }}
    group by entity_id, book, currency, period
),

balances as (
    select
        role,
        entity_id,
        book,
        currency,
        period,
        sum(closing) as closing
    from {{ ref('trial_balance') }}
    where role in ('deferred_revenue', 'contract_cost_asset')
    group by role, entity_id, book, currency, period
)

select
    coalesce(rolled.entity_id, balances.entity_id) as entity_id,
    coalesce(rolled.period, balances.period) as period,
    rolled.closing as rolled,
    balances.closing as balance
from rolled
full outer join balances
    on
        rolled.role = balances.role
        and rolled.entity_id = balances.entity_id
        and rolled.book = balances.book
        and rolled.currency = balances.currency
        and rolled.period = balances.period
where coalesce(rolled.closing, 0) <> coalesce(balances.closing, 0)
