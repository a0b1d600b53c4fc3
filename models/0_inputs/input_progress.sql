{{ config(materialized='view') }}
-- One row per accepted measurement of progress: the latest one known.
select
    contract_id,
    line_id,
    measured_on,
    to_date,
    expected,
    at_cost_minor,
    source_system,
    recorded_at
from {{ ref('int_inputs__progress') }}
where status = 'accepted'
