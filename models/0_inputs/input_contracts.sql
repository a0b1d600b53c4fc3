{{ config(materialized='view') }}
-- One row per accepted contract: the latest one known.
select
    contract_id,
    customer_id,
    entity_id,
    currency,
    signed_on,
    combine_with,
    netting_group,
    source_system,
    source_id,
    document_url,
    recorded_at
from {{ ref('int_inputs__contracts') }}
where status = 'accepted'
