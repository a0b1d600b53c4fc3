-- One row per price component whose shares do not add up to what it is estimated at (invariant 19).
with shares as (
    select
        contract_key,
        component_key,
        version,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor,
        row_number() over (partition by component_key order by version desc) as recency
    from {{ ref('price_changes') }}
    group by contract_key, component_key, version
),

inceptions as (
    select
        group_key,
        min(effective_on) as effective_on
    from {{ ref('contract_versions') }}
    group by group_key
),

-- Under ASC 606 what is not cash is measured at inception and never again (606-10-32-21).
dated as (
    select
        estimates.*,
        components.kind = 'noncash' and contracts.book = 'ASC606' and estimates.estimated_on > inceptions.effective_on as is_too_late
    from {{ ref('component_estimates') }} as estimates
    inner join {{ ref('input_price_components') }} as components
        on estimates.component_id = components.component_id
    inner join {{ ref('contracts') }} as contracts
        on
            estimates.group_key = contracts.group_key
            and components.contract_id = contracts.contract_id
    inner join inceptions
        on estimates.group_key = inceptions.group_key
),

estimates as (
    select
        dated.*,
        row_number() over (
            partition by component_key
            order by
                case when is_too_late then 1 else 0 end,
                case when is_too_late then {{ day_number('estimated_on') }} else -{{ day_number('estimated_on') }} end
        ) as recency
    from dated
),

wrong as (
    select
        contracts.*,
        estimates.component_id,
        estimates.estimated_on,
        cast({{ to_major('estimates.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as estimated,
        cast({{ to_major('shares.allocated_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as shared
    from shares
    inner join estimates
        on
            shares.component_key = estimates.component_key
            and estimates.recency = 1
    inner join {{ ref('contracts') }} as contracts
        on shares.contract_key = contracts.contract_key
    where shares.recency = 1 and shares.allocated_minor <> estimates.amount_minor
)

select
    entity_id,
    book,
    'component_is_fully_allocated' as rule,
    'block' as severity,
    estimated_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    component_id as source_id,
    estimated as expected,
    shared as actual,
    concat('The lines of contract ', contract_id, ' share ', shared, ' of component ', component_id, ', which is estimated at ', estimated, '.')
        as explanation,
    recorded_at as first_seen_at
from wrong
