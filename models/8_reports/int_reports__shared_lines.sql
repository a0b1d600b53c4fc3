{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per line on whose days more than one thing may fall: another schedule, contra revenue, an opening balance.
select line_key
from {{ ref('line_shares') }}
group by line_key
having count(*) > 1
union distinct
select postings.line_key
from {{ ref('ledger_postings') }} as postings
inner join {{ ref('account_roles') }} as roles
    on postings.role = roles.role
where (roles.is_contra_revenue or postings.role = 'revenue') and postings.entry_type not in ('revenue', 'opening_balance')
union distinct
select line_key
from {{ ref('revenue_by_period') }}
where cause = 'opening_balance'
