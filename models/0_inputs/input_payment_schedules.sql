{{ config(materialized='view') }}
-- One row per accepted agreed instalment: the latest one known.
select
    contract_id,
    due_on,
    amount_minor,
    line_id,
    source_system,
    recorded_at
from {{ ref('int_inputs__payment_schedules') }}
where status = 'accepted'
