-- One row per contract version, line and price component: its standalone price, its weight and its share of the transaction price.
with contracts as (
    select * from {{ ref('contracts') }}
),

lines as (
    select
        line_key,
        line_id
    from {{ ref('contract_terms') }}
),

obligation_lines as (
    select
        line_key,
        obligation_id
    from {{ ref('obligation_lines') }}
),

components as (
    select
        components.component_id,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as component_key
    from {{ ref('input_price_components') }} as components
    inner join contracts
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
    contracts.entity_id,
    contracts.book,
    contracts.contract_id,
    prices.version,
    lines.line_id,
    obligation_lines.obligation_id,
    coalesce(components.component_id, 'fixed') as component,
    {{ to_major('prices.ssp_minor', 'contracts.minor_units') }} as ssp,
    {{ to_major('prices.weight', 'contracts.minor_units') }} as weight,
    {{ to_major('prices.allocated_minor', 'contracts.minor_units') }} as amount,
    prices.basis
from prices
inner join contracts
    on prices.contract_key = contracts.contract_key
inner join lines
    on prices.line_key = lines.line_key
inner join obligation_lines
    on prices.line_key = obligation_lines.line_key
left join components
    on prices.component_key = components.component_key
