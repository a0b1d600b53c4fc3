{{ config(materialized='view') }}
-- One row per accepted opening balance: the latest one known.
select
    entity_id,
    book,
    period,
    contract_id,
    line_id,
    recognized_to_date_minor,
    billed_to_date_minor,
    progress_to_date,
    role,
    balance_minor,
    source,
    accepted_by,
    source_system,
    recorded_at
from {{ ref('int_inputs__opening_balances') }}
where status = 'accepted'
