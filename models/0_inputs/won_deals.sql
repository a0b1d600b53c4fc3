-- One row per contract and won deal of the CRM behind it: evidence of what was sold, not an input of the accounting.
with deals as (
    select * from {{ ref('stg_salesforce__opportunities') }}
    where is_won and contract_id is not null
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    deals.contract_id,
    deals.opportunity_id as deal_id,
    deals.currency,
    {{ to_minor('deals.amount', 'currencies.minor_units') }} as amount_minor,
    deals.closed_on,
    deals.recorded_at
from deals
inner join currencies
    on deals.currency = currencies.currency
