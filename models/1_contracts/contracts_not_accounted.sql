-- One row per contract and reason why it is not accounted for: it gets a blocking flag and no numbers.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

reasons as (
    select * from {{ ref('int_contracts__unsupported_headers') }}
    union all
    select * from {{ ref('int_contracts__unsupported_lines') }}
    union all
    select * from {{ ref('int_contracts__unsupported_billing') }}
    union all
    select * from {{ ref('int_contracts__unsupported_events') }}
    union all
    select * from {{ ref('int_contracts__incomplete') }}
),

-- Contracts that are combined are accounted for together or not at all (606-10-25-9).
of_groups as (
    select
        contract_key,
        reason
    from reasons
    union all
    select distinct
        partners.contract_key,
        concat('contract ', agreed.contract_id, ' it is combined with is not accounted for') as reason
    from reasons
    inner join agreed
        on reasons.contract_key = agreed.contract_key
    inner join agreed as partners
        on
            agreed.group_key = partners.group_key
            and agreed.contract_key <> partners.contract_key
)

select
    agreed.contract_key,
    agreed.contract_id,
    agreed.entity_id,
    agreed.book,
    agreed.customer_id,
    agreed.inception_on,
    agreed.recorded_at,
    of_groups.reason
from of_groups
inner join agreed
    on of_groups.contract_key = agreed.contract_key
