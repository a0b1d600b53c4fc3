-- One row per activated Salesforce contract.
with contracts as (
    select * from {{ ref('base_salesforce__activated_contracts') }}
)

select
    'salesforce:' || id as contract_id,
    'salesforce:' || account_id as customer_id,
    legal_entity as entity_id,
    currency,
    signed_on,
    cast(null as {{ dbt.type_string() }}) as combine_with,
    cast(null as {{ dbt.type_string() }}) as netting_group,
    'salesforce' as source_system,
    id as source_id,
    cast(null as {{ dbt.type_string() }}) as document_url,
    recorded_at
from contracts
where legal_entity is not null
