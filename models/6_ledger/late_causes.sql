-- One row per contract to draft with posted lines: why what is posted of it may be wrong now, from the facts that came since (section 9).
with posted as (
    select
        contract_key,
        cast(known_as_of as {{ dbt.type_timestamp() }}) as known_at
    from {{ ref('posted_contracts') }}
),

contracts as (
    select
        contracts.contract_key,
        contracts.contract_id,
        posted.known_at
    from {{ ref('known_contracts') }} as contracts
    inner join posted
        on contracts.contract_key = posted.contract_key
),

changed_terms as (
    select distinct contracts.contract_key
    from contracts
    inner join {{ ref('input_contract_versions') }} as versions
        on contracts.contract_id = versions.contract_id
    where versions.recorded_at > contracts.known_at
),

changed_prices as (
    select distinct contracts.contract_key
    from contracts
    inner join {{ ref('input_price_components') }} as components
        on contracts.contract_id = components.contract_id
    inner join {{ ref('input_price_estimates') }} as estimates
        on components.component_id = estimates.component_id
    where estimates.recorded_at > contracts.known_at
)

select
    contracts.contract_key,
    case
        when changed_terms.contract_key is not null then 'modification'
        when changed_prices.contract_key is not null then 'price_change'
        else 'late_data'
    end as cause
from contracts
left join changed_terms
    on contracts.contract_key = changed_terms.contract_key
left join changed_prices
    on contracts.contract_key = changed_prices.contract_key
