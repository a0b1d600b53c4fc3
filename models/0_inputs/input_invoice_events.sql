{{ config(materialized='view') }}
-- One row per accepted event of an invoice: the latest one known.
select
    event_id,
    invoice_id,
    kind,
    occurred_on,
    amount_minor,
    source_system,
    recorded_at
from {{ ref('int_inputs__invoice_events') }}
where status = 'accepted'
