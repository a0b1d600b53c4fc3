{{ config(materialized='view') }}
-- One row per accepted customer: the latest one known.
select
    customer_id,
    customer_name,
    entity_id,
    region,
    segment,
    parent_customer_id,
    source_system,
    recorded_at
from {{ ref('int_inputs__customers') }}
where status = 'accepted'
