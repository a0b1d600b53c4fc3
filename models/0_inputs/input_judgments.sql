{{ config(materialized='view') }}
-- One row per accepted judgment: the latest one known.
select
    judgment_id,
    topic,
    contract_id,
    component_id,
    paragraph,
    conclusion,
    evidence_url,
    prepared_by,
    reviewed_by,
    decided_on,
    source_system,
    recorded_at
from {{ ref('int_inputs__judgments') }}
where status = 'accepted'
