{{ config(materialized='ephemeral') }}
-- One row per mandate: the latest version known by the cut-off; one that was deleted stays as it was.
with ranked as (
    select
        *,
        row_number() over (partition by id order by _version desc) as recency
    from {{ source('raw_gocardless', 'mandates') }}
    where
        _recorded_at <= {{ as_of() }}
        and not is_deleted
)

select *
from ranked
where
    recency = 1
    and _rejected_reason is null
