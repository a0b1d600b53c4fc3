-- One row per Salesforce product with a code and a recognition method; the code is its id in the books.
with products as (
    select * from {{ ref('base_salesforce__products') }}
)

select
    product_code as product_id,
    name as product_name,
    revenue_stream,
    recognition_method,
    cast(null as {{ dbt.type_string() }}) as obligation,
    cast(null as {{ dbt.type_boolean() }}) as is_distinct,
    cast(null as {{ dbt.type_string() }}) as licence,
    cast(null as {{ dbt.type_string() }}) as role,
    cast(null as {{ dbt.type_boolean() }}) as taxable,
    'salesforce' as source_system,
    _recorded_at as recorded_at
from products
where
    product_code is not null
    and recognition_method is not null
