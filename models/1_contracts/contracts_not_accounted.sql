-- One row per contract and reason why it is not accounted for: it gets a blocking flag and no numbers.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

positions as (
    select * from {{ ref('int_contracts__positions') }}
),

own_reasons as (
    select * from {{ ref('int_contracts__unsupported') }}
),

-- A position is net of all its contracts, or it is a wrong number.
refused as (
    select distinct
        own_reasons.contract_key,
        positions.position_key,
        agreed.contract_id
    from own_reasons
    inner join positions
        on own_reasons.contract_key = positions.contract_key
    inner join agreed
        on own_reasons.contract_key = agreed.contract_key
),

reasons as (
    select * from own_reasons
    union all
    select
        positions.contract_key,
        concat('it is presented net with contract ', refused.contract_id, ', which is not accounted for (606-10-45-1)') as reason
    from positions
    inner join refused
        on
            positions.position_key = refused.position_key
            and positions.contract_key <> refused.contract_key
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
