-- One row per line whose share of the fixed price changed by more than the line itself with a version that is a separate contract (invariant 29).
-- What is bought with a material right is one with the right: what was deferred for it becomes part of its price (606-10-55-42).
with lines as (
    select
        terms.contract_key,
        terms.line_key,
        coalesce(rights.line_key, terms.line_key) as whole_key,
        coalesce(rights.line_id, terms.line_id) as line_id
    from {{ ref('contract_terms') }} as terms
    left join {{ ref('contract_terms') }} as rights
        on
            terms.contract_key = rights.contract_key
            and terms.exercises_line_id = rights.line_id
),

shares as (
    select
        changes.contract_key,
        changes.version,
        lines.whole_key,
        min(lines.line_id) as line_id,
        cast(sum(changes.allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor,
        cast(sum(coalesce(terms.amount_minor, 0)) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('price_changes') }} as changes
    inner join lines
        on changes.line_key = lines.line_key
    left join {{ ref('version_lines') }} as terms
        on
            changes.line_key = terms.line_key
            and changes.version = terms.version
    where changes.component_key = 0
    group by changes.contract_key, changes.version, lines.whole_key
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
        -- What a line adds to its own price is the separate contract.
        shares.amount_minor + lag(shares.allocated_minor - shares.amount_minor) over (
            partition by shares.whole_key order by versions.effective_on, versions.agreed_on, versions.version
        ) as unchanged_minor
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
        ordered.line_id,
        cast({{ to_major('ordered.unchanged_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as share_expected,
        cast({{ to_major('ordered.allocated_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as share_found
    from ordered
    inner join separate
        on
            ordered.contract_key = separate.contract_key
            and ordered.version = separate.version
    inner join {{ ref('contracts') }} as contracts
        on ordered.contract_key = contracts.contract_key
    left join estimated
        on contracts.group_key = estimated.group_key
    where ordered.allocated_minor <> ordered.unchanged_minor and estimated.group_key is null
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
    share_expected as expected,
    share_found as actual,
    concat(
        'Version ', cast(version as {{ dbt.type_string() }}), ' of contract ', contract_id, ' is a separate contract, and line ', line_id,
        ' has a share of ', share_found, ' instead of ', share_expected, '.'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
