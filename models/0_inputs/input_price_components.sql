{{ config(materialized='view') }}
-- One row per accepted price component: the latest one known.
select
    contract_id,
    component_id,
    kind,
    origin_version,
    lines,
    period_starts_on,
    period_ends_on,
    rate,
    compounding,
    exclusive,
    source_system,
    recorded_at
from {{ ref('int_inputs__price_components') }}
where status = 'accepted'
