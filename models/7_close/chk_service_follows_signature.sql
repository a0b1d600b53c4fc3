-- One row per contract signed after its service began: what was delivered before is caught up on signing (606-10-25-1).
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

first_services as (
    select
        contract_key,
        min(starts_on) as starts_on
    from {{ ref('contract_terms') }}
    group by contract_key
)

select
    contracts.entity_id,
    contracts.book,
    'service_follows_signature' as rule,
    'review' as severity,
    contracts.signed_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contracts.contract_id as source_id,
    concat('signed by ', cast(first_services.starts_on as {{ dbt.type_string() }})) as expected,
    concat('signed on ', cast(contracts.signed_on as {{ dbt.type_string() }})) as actual,
    concat(
        'Contract ', contracts.contract_id, ' was signed on ', cast(contracts.signed_on as {{ dbt.type_string() }}),
        '; its service began on ', cast(first_services.starts_on as {{ dbt.type_string() }}), ' and is caught up on signing.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from contracts
inner join first_services
    on contracts.contract_key = first_services.contract_key
where contracts.signed_on > first_services.starts_on
