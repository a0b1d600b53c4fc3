-- One row per component and line that shares a change of the price by another weight than that of inception (invariant 26, 606-10-32-43).
with components as (
    select
        contracts.contract_key,
        contracts.entity_id,
        contracts.book,
        contracts.contract_id,
        contracts.minor_units,
        contracts.inception_on,
        contracts.recorded_at,
        components.component_id,
        {{ text_key(['contracts.contract_key', 'components.component_id']) }} as component_key
    from {{ ref('input_price_components') }} as components
    inner join {{ ref('contracts') }} as contracts
        on components.contract_id = contracts.contract_id
    -- A component of named lines, or of a part of the term, is shared among those only (606-10-32-40).
    where
        components.lines is null
        and components.period_starts_on is null
        and coalesce(components.origin_version, 1) = 1
        and components.kind <> 'financing'
),

wrong as (
    select
        components.*,
        terms.line_id,
        cast({{ to_major('inception.weight', 'components.minor_units') }} as {{ dbt.type_string() }}) as weight_then,
        cast({{ to_major('changes.weight', 'components.minor_units') }} as {{ dbt.type_string() }}) as weight_used
    from components
    inner join {{ ref('price_changes') }} as changes
        on
            components.component_key = changes.component_key
            and changes.version = 1
    inner join {{ ref('price_changes') }} as inception
        on
            changes.line_key = inception.line_key
            and inception.version = 1
            and inception.component_key = 0
    inner join {{ ref('contract_terms') }} as terms
        on changes.line_key = terms.line_key
    where changes.weight <> inception.weight
)

select
    entity_id,
    book,
    'price_change_keeps_its_weights' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(component_id, ':', line_id) as source_id,
    weight_then as expected,
    weight_used as actual,
    concat(
        'Line ', line_id, ' of contract ', contract_id, ' shares component ', component_id, ' by a weight of ', weight_used, '; at inception it was ',
        weight_then, '.'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
