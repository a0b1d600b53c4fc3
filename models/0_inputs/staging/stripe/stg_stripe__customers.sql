-- One row per Stripe customer that is no Salesforce account.
with customers as (
    select * from {{ ref('base_stripe__customers') }}
)

select
    customer_id,
    name as customer_name,
    entity_id,
    region,
    segment,
    cast(null as {{ dbt.type_string() }}) as parent_customer_id,
    'stripe' as source_system,
    _recorded_at as recorded_at
from customers
where
    salesforce_account is null
    and entity_id is not null
