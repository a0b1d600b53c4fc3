{{ config(materialized='ephemeral') }}
-- One row per product, from every system that delivers them.
-- Money is in major units, or in minor units where the system says so.
select
    product_id,
    product_name,
    revenue_stream,
    recognition_method,
    obligation,
    is_distinct,
    licence,
    role,
    taxable,
    source_system,
    given_recorded_at,
    loaded_from,
    file_name,
    file_line,
    content_hash
from {{ ref('stg_file_drop__products') }}
union all
select
    product_id,
    product_name,
    revenue_stream,
    recognition_method,
    obligation,
    coalesce(is_distinct, true) as is_distinct,
    licence,
    coalesce(role, 'principal') as role,
    taxable,
    source_system,
    recorded_at as given_recorded_at,
    'salesforce' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_salesforce__products') }}
union all
select
    product_id,
    product_name,
    revenue_stream,
    recognition_method,
    obligation,
    coalesce(is_distinct, true) as is_distinct,
    licence,
    coalesce(role, 'principal') as role,
    taxable,
    source_system,
    recorded_at as given_recorded_at,
    'stripe' as loaded_from,
    cast(null as {{ dbt.type_string() }}) as file_name,
    cast(null as {{ dbt.type_bigint() }}) as file_line,
    cast(null as {{ dbt.type_bigint() }}) as content_hash
from {{ ref('stg_stripe__products') }}
