-- One row per version and line whose residual is not above zero or outside its range, and shares the price all the same (invariant 25).
with wrong as (
    select
        contracts.*,
        changes.version,
        terms.line_id,
        cast({{ to_major('changes.weight', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as residual,
        concat(
            cast({{ to_major('coalesce(prices.low_minor, 1)', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' or more',
            case
                when prices.high_minor is not null
                    then concat(', at most ', cast({{ to_major('prices.high_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}))
                else ''
            end
        ) as observed_range
    from {{ ref('price_changes') }} as changes
    inner join {{ ref('standalone_prices') }} as prices
        on
            changes.line_key = prices.line_key
            and changes.version = prices.version
    inner join {{ ref('contracts') }} as contracts
        on changes.contract_key = contracts.contract_key
    inner join {{ ref('contract_terms') }} as terms
        on changes.line_key = terms.line_key
    where
        changes.component_key = 0
        and prices.is_residual
        and changes.basis = 'residual'
        -- Where the residual fails, the book's price is the fallback.
        and changes.weight <> coalesce(prices.price_minor, -1)
        and (changes.weight <= 0 or changes.weight < prices.low_minor or changes.weight > prices.high_minor)
)

select
    entity_id,
    book,
    'residual_is_in_its_range' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', cast(version as {{ dbt.type_string() }}), ':', line_id) as source_id,
    observed_range as expected,
    residual as actual,
    concat('The residual of line ', line_id, ' of contract ', contract_id, ' is ', residual, '; its observed prices are ', observed_range, '.')
        as explanation,
    recorded_at as first_seen_at
from wrong
