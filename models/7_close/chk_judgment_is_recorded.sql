-- One row per contract and decision above the review threshold, an estimate or a stated treatment, with no judgment that explains it (invariant 63).
with contracts as (
    select * from {{ ref('contracts') }}
),

threshold as (
    select cast(threshold as {{ dbt.type_bigint() }}) as major_units
    from {{ ref('control_thresholds') }}
    where rule = 'judgment_is_recorded'
),

estimates as (
    select
        components.contract_id,
        estimates.component_id,
        estimates.group_key,
        max(estimates.estimated_on) as decided_on,
        max(abs(estimates.gross_minor)) as amount_minor
    from {{ ref('component_estimates') }} as estimates
    inner join {{ ref('input_price_components') }} as components
        on estimates.component_id = components.component_id
    group by components.contract_id, estimates.component_id, estimates.group_key
),

promised as (
    select
        contract_key,
        version,
        sum(amount_minor) as amount_minor
    from {{ ref('version_lines') }}
    group by contract_key, version
),

decisions as (
    select
        contracts.contract_key,
        estimates.component_id as decision,
        estimates.component_id,
        estimates.decided_on,
        estimates.amount_minor
    from estimates
    inner join contracts
        on
            estimates.group_key = contracts.group_key
            and estimates.contract_id = contracts.contract_id
    union all
    select
        versions.contract_key,
        concat('version ', cast(versions.version as {{ dbt.type_string() }})) as decision,
        cast(null as {{ dbt.type_string() }}) as component_id,
        versions.agreed_on as decided_on,
        abs(promised.amount_minor) as amount_minor
    from {{ ref('contract_versions') }} as versions
    inner join promised
        on
            versions.contract_key = promised.contract_key
            and versions.version = promised.version
    where versions.treatment is not null
),

unexplained as (
    select
        contracts.*,
        decisions.decision,
        decisions.decided_on,
        cast({{ to_major('cast(decisions.amount_minor as ' ~ dbt.type_bigint() ~ ')', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount
    from decisions
    inner join contracts
        on decisions.contract_key = contracts.contract_key
    cross join threshold
    left join {{ ref('input_judgments') }} as judgments
        on
            contracts.contract_id = judgments.contract_id
            and coalesce(decisions.component_id, '') = coalesce(judgments.component_id, decisions.component_id, '')
    where
        judgments.judgment_id is null
        and {{ to_major('cast(decisions.amount_minor as ' ~ dbt.type_bigint() ~ ')', 'contracts.minor_units') }} >= threshold.major_units
)

select
    entity_id,
    book,
    'judgment_is_recorded' as rule,
    'review' as severity,
    decided_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', decision) as source_id,
    'a row of judgments' as expected,
    concat('none, for ', amount) as actual,
    concat('Contract ', contract_id, ' rests on a decision about ', decision, ' over ', amount, ' ', currency, ', and no judgment says why.') as explanation,
    recorded_at as first_seen_at
from unexplained
