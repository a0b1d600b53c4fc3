-- A roll-forward that does not foot cannot be filed, and no one can say which line of it is wrong.
select
    entity_id,
    book,
    coalesce(account_code, role) as item,
    period,
    opening + net_change - closing as difference
from {{ ref('trial_balance') }}
where opening + net_change <> closing or functional_opening + functional_net_change <> functional_closing
union all
select
    entity_id,
    book,
    contract_id as item,
    period,
    opening + billings + recognized + credits + adjustments + fx - closing as difference
from {{ ref('deferred_revenue_rollforward') }}
where opening + billings + recognized + credits + adjustments + fx <> closing and {{ is_to_check('contract_id', by='contract_id') }}
union all
select
    entity_id,
    book,
    cost_id as item,
    period,
    opening + capitalized + amortized + impaired + written_off + clawed_back - closing as difference
from {{ ref('contract_cost_rollforward') }}
where opening + capitalized + amortized + impaired + written_off + clawed_back <> closing
