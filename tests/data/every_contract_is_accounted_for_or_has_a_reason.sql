-- A contract in neither list is revenue that nobody sees missing; one in both has numbers although a rule it needs
-- is not there.
with agreed as (
    select contract_key
    from {{ ref('int_contracts__agreed') }}
),

accounted as (
    select contract_key
    from {{ ref('known_contracts') }}
),

refused as (
    select distinct contract_key
    from {{ ref('contracts_not_accounted') }}
)

select agreed.contract_key
from agreed
left join accounted
    on agreed.contract_key = accounted.contract_key
left join refused
    on agreed.contract_key = refused.contract_key
where (accounted.contract_key is null) = (refused.contract_key is null)
