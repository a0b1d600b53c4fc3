-- One row per contract and reason why it is not accounted for: it gets a blocking flag and no numbers.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

reasons as (
    select * from {{ ref('int_contracts__unsupported_headers') }}
    union all
    select * from {{ ref('int_contracts__unsupported_currency') }}
    union all
    select * from {{ ref('int_contracts__unsupported_lines') }}
    union all
    select * from {{ ref('int_contracts__unsupported_billing') }}
    union all
    select * from {{ ref('int_contracts__unsupported_events') }}
    union all
    select * from {{ ref('int_contracts__incomplete') }}
)

select
    agreed.contract_key,
    agreed.contract_id,
    agreed.entity_id,
    agreed.book,
    agreed.customer_id,
    agreed.inception_on,
    agreed.recorded_at,
    reasons.reason
from reasons
inner join agreed
    on reasons.contract_key = agreed.contract_key
