{{ config(materialized='view') }}
-- One row per accepted legal entity: the latest one known.
select
    entity_id,
    entity_name,
    functional_currency,
    reporting_currency,
    calendar,
    fiscal_year_start,
    timezone,
    source_system,
    recorded_at
from {{ ref('int_inputs__entities') }}
where status = 'accepted'
