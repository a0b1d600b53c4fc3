{{ config(materialized='view') }}
-- One row per accepted standalone selling price: the latest one known.
select
    product_id,
    currency,
    valid_from,
    valid_to,
    region,
    segment,
    term_months,
    unit,
    low_minor,
    price_minor,
    high_minor,
    method,
    residual_weight,
    approved_by,
    source_system,
    recorded_at
from {{ ref('int_inputs__standalone_selling_prices') }}
where status = 'accepted'
