-- One row per activated order of a contract, as evidence: what the order itself says of currency and total.
with versions as (
    select * from {{ ref('base_salesforce__versions') }}
),

orders as (
    select * from {{ ref('base_salesforce__orders') }}
)

select
    'salesforce:' || orders.id as order_id,
    versions.contract_id,
    versions.version,
    orders.currency,
    orders.total_amount,
    versions.recorded_at
from versions
inner join orders
    on versions.id = orders.id
