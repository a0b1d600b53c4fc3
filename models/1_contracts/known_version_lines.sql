-- One row per version and line of an accounted contract: the terms as the version states them (606-10-25-18).
with version_lines as (
    select * from {{ ref('int_contracts__version_lines') }}
),

contracts as (
    select
        contract_key,
        group_key,
        is_folded
    from {{ ref('known_contracts') }}
    -- Unsigned, nothing is promised (606-10-25-1).
    where signed_on is not null
)

select
    version_lines.*,
    contracts.group_key,
    contracts.is_folded
from version_lines
inner join contracts
    on version_lines.contract_key = contracts.contract_key
