{{ config(materialized='ephemeral') }}
-- One row per product: the latest version known by the cut-off; a deleted one keeps its fields, and what was sold stays sold.
with ranked as (
    select
        *,
        row_number() over (partition by id order by _version desc) as recency
    from {{ source('raw_salesforce', 'products') }}
    where
        _recorded_at <= {{ as_of() }}
)

select *
from ranked
where
    recency = 1
    and _rejected_reason is null
