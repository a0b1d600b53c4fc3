-- One row per version of an accounted contract: when it was agreed, from when it applies and how it is treated (606-10-25-10 to 25-13).
with contracts as (
    select * from {{ ref('known_contracts') }}
    where not is_invoice_only
),

versions as (
    select * from {{ ref('int_contracts__versions') }}
)

select
    contracts.contract_key,
    contracts.group_key,
    versions.version,
    versions.version_order,
    versions.agreed_on,
    versions.effective_on,
    versions.change,
    versions.treatment
from versions
inner join contracts
    on versions.contract_id = contracts.contract_id
