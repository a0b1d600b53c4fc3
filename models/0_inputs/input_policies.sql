{{ config(materialized='view') }}
-- One row per accepted election of an accounting policy: the latest one known.
select
    entity_id,
    book,
    policy,
    value,
    effective_on,
    source_system,
    recorded_at
from {{ ref('int_inputs__policies') }}
where status = 'accepted'
