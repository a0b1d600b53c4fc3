-- One row per Salesforce account that names its legal entity.
with accounts as (
    select * from {{ ref('base_salesforce__accounts') }}
)

select
    'salesforce:' || id as customer_id,
    name as customer_name,
    legal_entity as entity_id,
    region,
    segment,
    'salesforce:' || parent_id as parent_customer_id,
    'salesforce' as source_system,
    _recorded_at as recorded_at
from accounts
where legal_entity is not null
