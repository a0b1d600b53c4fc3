-- One row per opportunity, as evidence: what was won, lost or is open, for which contract and how much.
with opportunities as (
    select * from {{ ref('base_salesforce__opportunities') }}
),

contracts as (
    select * from {{ ref('base_salesforce__contracts') }}
)

select
    'salesforce:' || opportunities.id as opportunity_id,
    'salesforce:' || opportunities.account_id as customer_id,
    'salesforce:' || contracts.id as contract_id,
    opportunities.currency,
    opportunities.amount,
    opportunities.close_date as closed_on,
    opportunities.is_closed,
    opportunities.is_won,
    opportunities._recorded_at as recorded_at
from opportunities
left join contracts
    on opportunities.id = contracts.opportunity
