{{ config(materialized='view') }}
-- One row per accepted usage record: the latest one known.
select
    usage_id,
    contract_id,
    line_id,
    used_on,
    quantity,
    unit_price,
    amount_minor,
    source_system,
    recorded_at
from {{ ref('int_inputs__usage') }}
where status = 'accepted'
