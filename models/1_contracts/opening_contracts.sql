-- One row per accounted contract that was opened from an earlier system: the first period of its own, and the last day before.
with openings as (
    select distinct
        contract_key,
        period_no,
        starts_on,
        opened_on
    from {{ ref('int_contracts__openings') }}
),

contracts as (
    select
        contract_key,
        contract_id,
        position_key
    from {{ ref('known_contracts') }}
)

select
    openings.contract_key,
    contracts.contract_id,
    contracts.position_key,
    openings.period_no,
    openings.starts_on,
    openings.opened_on
from openings
inner join contracts
    on openings.contract_key = contracts.contract_key
