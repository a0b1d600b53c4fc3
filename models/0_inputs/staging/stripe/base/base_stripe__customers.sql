{{ config(materialized='ephemeral') }}
-- One row per customer: the latest version known by the cut-off; one that was deleted stays as it was.
with ranked as (
    select
        *,
        row_number() over (partition by id order by _version desc) as recency
    from {{ source('raw_stripe', 'customers') }}
    where
        _recorded_at <= {{ as_of() }}
        and not is_deleted
)

select
    *,
    case
        when salesforce_account is not null then 'salesforce:' || salesforce_account
        else 'stripe:' || id
    end as customer_id
from ranked
where
    recency = 1
    and _rejected_reason is null
