-- One row per line of an accounted contract: what was promised, for how much, over which term. Unsigned, nothing is (606-10-25-1).
with terms as (
    select * from {{ ref('int_contracts__terms') }}
),

contracts as (
    select contract_key
    from {{ ref('known_contracts') }}
    where signed_on is not null
)

select terms.*
from terms
inner join contracts
    on terms.contract_key = contracts.contract_key
