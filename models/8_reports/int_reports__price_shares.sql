{{ config(
    materialized='incremental',
    schema='engine',
    contract={'enforced': false},
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per contract version, line and price component, in minor units: its standalone price, its weight and its share of the transaction price.
with components as (
    select
        components.component_id,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as component_key
    from {{ ref('input_price_components') }} as components
    inner join {{ ref('contracts') }} as contracts
        on components.contract_id = contracts.contract_id
),

prices as (
    select
        allocations.contract_key,
        terms.version,
        allocations.line_key,
        0 as component_key,
        allocations.ssp_minor,
        allocations.weight,
        allocations.allocated_minor,
        allocations.basis
    from {{ ref('allocations') }} as allocations
    inner join {{ ref('contract_terms') }} as terms
        on allocations.line_key = terms.line_key
    union all
    select
        contract_key,
        version,
        line_key,
        component_key,
        ssp_minor,
        weight,
        allocated_minor,
        basis
    from {{ ref('price_changes') }}
    union all
    -- What its use or its invoices price has no share of the fixed price.
    select
        contract_key,
        version,
        line_key,
        0 as component_key,
        ssp_minor,
        weight,
        0 as allocated_minor,
        'inception' as basis
    from {{ ref('standalone_prices') }}
    where is_folded and is_variable
)

select
    prices.contract_key,
    prices.version,
    prices.line_key,
    coalesce(components.component_id, 'fixed') as component,
    prices.ssp_minor,
    prices.weight,
    prices.allocated_minor,
    prices.basis
from prices
left join components
    on prices.component_key = components.component_key
