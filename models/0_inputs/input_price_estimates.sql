{{ config(materialized='view') }}
-- One row per accepted scenario of a price estimate: the latest one known.
select
    component_id,
    estimated_on,
    method,
    scenario,
    amount_minor,
    probability,
    constrained_to_minor,
    book,
    source_system,
    recorded_at
from {{ ref('int_inputs__price_estimates') }}
where status = 'accepted'
