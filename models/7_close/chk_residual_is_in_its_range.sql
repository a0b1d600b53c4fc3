-- One row per version whose residual is not above zero or outside its range, and shares the price all the same (invariant 25).
with shares as (
    select
        contract_key,
        version,
        line_key,
        max(case when component_key = 0 then basis end) as basis,
        -- What was estimated at inception is in the residual, unless it belongs to lines that it names (606-10-32-40).
        sum(case when component_key = 0 or basis = 'inception' then allocated_minor else 0 end) as share_minor
    from {{ ref('price_changes') }}
    group by contract_key, version, line_key
),

inceptions as (
    select
        group_key,
        min(effective_on) as effective_on
    from {{ ref('contract_versions') }}
    group by group_key
),

-- A discount that belongs to named lines is taken off when the residual is found (606-10-32-37); a later estimate adds to it (32-43).
moved as (
    select group_key
    from {{ ref('version_lines') }}
    where is_discount and discount_scope <> 'all'
    union distinct
    select estimates.group_key
    from {{ ref('component_estimates') }} as estimates
    inner join inceptions
        on estimates.group_key = inceptions.group_key
    where estimates.estimated_on > inceptions.effective_on
),

-- Lines without an observable price have one residual together, in the sum of their ranges (606-10-32-35).
residuals as (
    select
        contracts.group_key,
        shares.version,
        cast(sum(shares.share_minor) as {{ dbt.type_bigint() }}) as residual_minor,
        cast(sum(coalesce(prices.low_minor, 0)) as {{ dbt.type_bigint() }}) as low_minor,
        cast(case when count(prices.high_minor) = count(*) then sum(prices.high_minor) end as {{ dbt.type_bigint() }}) as high_minor
    from {{ ref('standalone_prices') }} as prices
    inner join {{ ref('contracts') }} as contracts
        on prices.contract_key = contracts.contract_key
    inner join shares
        on
            prices.line_key = shares.line_key
            and prices.version = shares.version
    where prices.is_residual
    group by contracts.group_key, shares.version
    -- Where the residual fails, the price in the book is the weight.
    having count(case when shares.basis = 'residual' then 1 end) = count(*)
),

wrong as (
    select
        contracts.*,
        residuals.version,
        cast({{ to_major('residuals.residual_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as residual,
        concat(
            cast({{ to_major('greatest(residuals.low_minor, 1)', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' or more',
            case
                when residuals.high_minor is not null
                    then concat(', at most ', cast({{ to_major('residuals.high_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}))
                else ''
            end
        ) as observed_range
    from residuals
    inner join {{ ref('contracts') }} as contracts
        on residuals.group_key = contracts.contract_key
    left join moved
        on residuals.group_key = moved.group_key
    where
        moved.group_key is null
        and (residuals.residual_minor < greatest(residuals.low_minor, 1) or residuals.residual_minor > residuals.high_minor)
)

select
    entity_id,
    book,
    'residual_is_in_its_range' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', cast(version as {{ dbt.type_string() }})) as source_id,
    observed_range as expected,
    residual as actual,
    concat(
        'The residual of version ', cast(version as {{ dbt.type_string() }}), ' of contract ', contract_id, ' is ', residual,
        '; the observed prices of what it is for are ', observed_range, '.'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
