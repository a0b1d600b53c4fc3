{{ config(materialized='view') }}
-- One row per accepted contract cost: the latest one known.
select
    cost_id,
    contract_id,
    kind,
    incurred_on,
    amount_minor,
    amortise_from,
    amortise_to,
    payee,
    source_system,
    recorded_at
from {{ ref('int_inputs__contract_costs') }}
where status = 'accepted'
