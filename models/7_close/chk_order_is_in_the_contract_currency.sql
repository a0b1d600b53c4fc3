-- One row per order of the CRM in another currency than its contract; the contract is not accounted for until one of them is right.
select
    entity_id,
    cast(null as {{ dbt.type_string() }}) as book,
    'order_is_in_the_contract_currency' as rule,
    'block' as severity,
    cast(recorded_at as date) as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    order_id as source_id,
    contract_currency as expected,
    order_currency as actual,
    concat('Order ', order_id, ' is in ', order_currency, ' and its contract ', contract_id, ' in ', contract_currency, '.') as explanation,
    recorded_at as first_seen_at
from {{ ref('misread_orders') }}
