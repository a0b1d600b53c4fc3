-- One row per estimate whose constraint raises the price instead of lowering it (invariant 24, 606-10-32-11).
with wrong as (
    select
        contracts.*,
        estimates.component_id,
        estimates.estimated_on,
        cast({{ to_major('estimates.gross_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as gross,
        cast({{ to_major('estimates.constrained_to_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as constrained
    from {{ ref('component_estimates') }} as estimates
    inner join {{ ref('input_price_components') }} as components
        on estimates.component_id = components.component_id
    inner join {{ ref('contracts') }} as contracts
        on
            estimates.group_key = contracts.group_key
            and components.contract_id = contracts.contract_id
    where estimates.constrained_to_minor > estimates.gross_minor
)

select
    entity_id,
    book,
    'estimate_is_constrained' as rule,
    'block' as severity,
    estimated_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(component_id, ':', cast(estimated_on as {{ dbt.type_string() }})) as source_id,
    concat('at most ', gross) as expected,
    constrained as actual,
    concat(
        'Component ', component_id, ' of contract ', contract_id, ' is estimated at ', gross, ' on ', cast(estimated_on as {{ dbt.type_string() }}),
        ' and counts with ', constrained, ': a constraint never raises a price.'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
