{{ config(materialized='view') }}
-- One row per accepted line of a contract version: the latest one known.
select
    contract_id,
    version,
    line_id,
    product_id,
    quantity,
    unit,
    unit_price,
    amount_minor,
    starts_on,
    ends_on,
    ssp_minor,
    recognition_method,
    discount_scope,
    billing_frequency,
    billing_timing,
    termination_notice_days,
    refundable_on_termination,
    cancellable_until,
    expires_on,
    exercises_line_id,
    unit_cost,
    source_system,
    recorded_at
from {{ ref('int_inputs__contract_lines') }}
where status = 'accepted'
