-- One row per line of a fixed price whose share changed with a version that is accounted for as a separate contract (invariant 29).
with shares as (
    select
        contract_key,
        version,
        line_key,
        allocated_minor
    from {{ ref('price_changes') }}
    where component_key = 0
),

-- The parts of a line's price are rounded as one: an estimate that changes may move a unit to or from the fixed part.
estimated as (
    select distinct contracts.group_key
    from {{ ref('price_changes') }} as changes
    inner join {{ ref('contracts') }} as contracts
        on changes.contract_key = contracts.contract_key
    where changes.component_key <> 0
),

ordered as (
    select
        shares.*,
        versions.effective_on,
        lag(allocated_minor) over (
            partition by shares.line_key order by versions.effective_on, versions.agreed_on, versions.version
        ) as allocated_before_minor
    from shares
    inner join {{ ref('contract_versions') }} as versions
        on
            shares.contract_key = versions.contract_key
            and shares.version = versions.version
),

separate as (
    select
        contract_key,
        version
    from {{ ref('modified_obligations') }}
    group by contract_key, version
    having min(treatment) = 'separate_contract' and max(treatment) = 'separate_contract'
),

wrong as (
    select
        contracts.*,
        ordered.version,
        ordered.effective_on,
        terms.line_id,
        cast({{ to_major('ordered.allocated_before_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as share_before,
        cast({{ to_major('ordered.allocated_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as share_after
    from ordered
    inner join separate
        on
            ordered.contract_key = separate.contract_key
            and ordered.version = separate.version
    inner join {{ ref('contracts') }} as contracts
        on ordered.contract_key = contracts.contract_key
    inner join {{ ref('contract_terms') }} as terms
        on ordered.line_key = terms.line_key
    left join estimated
        on contracts.group_key = estimated.group_key
    where ordered.allocated_minor <> ordered.allocated_before_minor and estimated.group_key is null
)

select
    entity_id,
    book,
    'separate_contract_leaves_the_rest' as rule,
    'block' as severity,
    effective_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', cast(version as {{ dbt.type_string() }}), ':', line_id) as source_id,
    share_before as expected,
    share_after as actual,
    concat(
        'Version ', cast(version as {{ dbt.type_string() }}), ' of contract ', contract_id, ' is a separate contract, and line ', line_id,
        ' goes from ', share_before, ' to ', share_after, '.'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
