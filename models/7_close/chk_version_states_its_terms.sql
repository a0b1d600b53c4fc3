-- One row per version of a signed contract that states no terms: what is promised from then on is unknown (invariant 12).
with contracts as (
    select * from {{ ref('contracts') }}
    where signed_on is not null and not is_invoice_only
),

stated as (
    select distinct
        contract_key,
        version
    from {{ ref('version_lines') }}
)

select
    contracts.entity_id,
    contracts.book,
    'version_states_its_terms' as rule,
    'block' as severity,
    coalesce(versions.effective_on, contracts.signed_on) as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', cast(coalesce(versions.version, 1) as {{ dbt.type_string() }})) as source_id,
    'every line, as it is agreed from then on' as expected,
    case when versions.version is null then 'no version' else 'no line' end as actual,
    case
        when versions.version is null then concat('Contract ', contracts.contract_id, ' is signed and has no version.')
        else concat('Version ', cast(versions.version as {{ dbt.type_string() }}), ' of contract ', contracts.contract_id, ' states no line.')
    end as explanation,
    contracts.recorded_at as first_seen_at
from contracts
left join {{ ref('contract_versions') }} as versions
    on contracts.contract_key = versions.contract_key
left join stated
    on
        versions.contract_key = stated.contract_key
        and versions.version = stated.version
where stated.contract_key is null
