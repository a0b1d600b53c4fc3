{{ config(materialized='view') }}
-- One row per accepted product: the latest one known.
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
    recorded_at
from {{ ref('int_inputs__products') }}
where status = 'accepted'
