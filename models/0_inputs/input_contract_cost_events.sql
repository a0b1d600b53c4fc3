{{ config(materialized='view') }}
-- One row per accepted event of a contract cost: the latest one known.
select
    cost_id,
    occurred_on,
    kind,
    amount_minor,
    amortise_to,
    source_system,
    recorded_at
from {{ ref('int_inputs__contract_cost_events') }}
where status = 'accepted'
