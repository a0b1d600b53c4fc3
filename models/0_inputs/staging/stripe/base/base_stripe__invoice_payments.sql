{{ config(materialized='ephemeral') }}
-- One row per payment of an invoice: the latest version known by the cut-off.
with ranked as (
    select
        *,
        row_number() over (partition by id order by _version desc) as recency
    from {{ source('raw_stripe', 'invoice_payments') }}
    where
        _recorded_at <= {{ as_of() }}
)

select *
from ranked
where
    recency = 1
    and not is_deleted
    and _rejected_reason is null
