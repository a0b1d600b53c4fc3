{{ config(materialized='ephemeral') }}
-- One row per activated order of a contract: a restatement of its terms, numbered in the order they apply.
with orders as (
    select * from {{ ref('base_salesforce__orders') }}
    where
        status = 'Activated'
        or activated_at is not null
),

contracts as (
    select * from {{ ref('base_salesforce__activated_contracts') }}
    where legal_entity is not null
),

numbered as (
    select
        orders.id,
        orders.contract_id as contract,
        contracts.currency,
        orders.change,
        orders.agreed_on,
        orders.effective_date,
        orders.activated_at,
        greatest(orders._recorded_at, coalesce(orders.activated_at, orders._recorded_at)) as recorded_at,
        row_number() over (
            partition by orders.contract_id
            order by orders.effective_date, orders.created_at, orders.id
        ) as version
    from orders
    inner join contracts
        on orders.contract_id = contracts.id
)

select
    *,
    'salesforce:' || contract as contract_id
from numbered
