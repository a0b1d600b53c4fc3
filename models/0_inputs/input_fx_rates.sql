{{ config(materialized='view') }}
-- One row per accepted exchange rate: the latest one known.
select
    rate_on,
    from_currency,
    to_currency,
    rate,
    kind,
    source_system,
    recorded_at
from {{ ref('int_inputs__fx_rates') }}
where status = 'accepted'
