-- One row per order of the CRM in another currency than its contract: its lines would be read as amounts they are not.
with orders as (
    select * from {{ ref('stg_salesforce__orders') }}
),

contracts as (
    select * from {{ ref('input_contracts') }}
)

select
    orders.order_id,
    contracts.contract_id,
    contracts.entity_id,
    contracts.currency as contract_currency,
    orders.currency as order_currency,
    orders.recorded_at
from orders
inner join contracts
    on orders.contract_id = contracts.contract_id
where orders.currency <> contracts.currency
