{{ config(materialized='view') }}
-- One row per accepted account mapping: the latest one known.
select
    role,
    account_code,
    account_name,
    entity_id,
    product_id,
    revenue_stream,
    region,
    currency,
    book,
    effective_on,
    source_system,
    recorded_at
from {{ ref('int_inputs__account_mappings') }}
where status = 'accepted'
