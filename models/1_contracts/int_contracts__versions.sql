-- One row per version of a contract that counts, in the order in which the terms take effect (606-10-25-10).
with versions as (
    select
        versions.*,
        -- Before the signature there is no contract to modify (606-10-25-1).
        coalesce(versions.agreed_on <= contracts.signed_on, true) as is_before_contract
    from {{ ref('input_contract_versions') }} as versions
    inner join {{ ref('input_contracts') }} as contracts
        on versions.contract_id = contracts.contract_id
    where versions.voided_on is null
),

ranked as (
    select
        *,
        row_number() over (partition by contract_id, is_before_contract order by agreed_on desc, version desc) as recency
    from versions
),

-- What was agreed last before the signature are the terms of inception: offers that it replaced do not count.
ordered as (
    select
        ranked.*,
        row_number() over (partition by contract_id order by greatest(agreed_on, effective_on), agreed_on, version) as version_order
    from ranked
    where not is_before_contract or recency = 1
)

select
    contract_id,
    version,
    version_order,
    agreed_on,
    -- New terms that are dated back are a modification on the day they are agreed.
    case when version_order = 1 then effective_on else greatest(agreed_on, effective_on) end as effective_on,
    change,
    treatment,
    resumes_on
from ordered
