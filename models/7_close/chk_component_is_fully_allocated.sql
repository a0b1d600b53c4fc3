-- One row per price component whose shares do not add up to what it is estimated at (invariant 19).
with versions as (
    select
        contract_key,
        version,
        row_number() over (partition by contract_key order by effective_on desc, agreed_on desc, version desc) as recency
    from {{ ref('contract_versions') }}
),

-- What stands in the end: nothing is written of a component that no line shares any more. Combined contracts share it over the lines of all of them.
shares as (
    select
        changes.component_key,
        cast(sum(case when versions.recency = 1 then changes.allocated_minor else 0 end) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('price_changes') }} as changes
    inner join versions
        on
            changes.contract_key = versions.contract_key
            and changes.version = versions.version
    group by changes.component_key
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
        contracts.contract_key,
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
        on estimates.contract_key = contracts.contract_key
    where shares.allocated_minor <> estimates.amount_minor
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
