-- One row per line whose share of the price is off its exact share by a minor unit or more, or that has one without weight (invariants 20, 21).
with shares as (
    select
        allocations.contract_key,
        allocations.line_key,
        cast(allocations.allocated_minor as {{ wide_int() }}) as allocated_minor,
        cast(allocations.weight as {{ wide_int() }}) as weight,
        cast(allocations.total_weight as {{ wide_int() }}) as total_weight
    from {{ ref('allocations') }} as allocations
    inner join {{ ref('standalone_prices') }} as prices
        on
            allocations.line_key = prices.line_key
            and prices.is_latest
    where not prices.is_reduction and not prices.is_variable and allocations.total_weight > 0
),

totals as (
    select
        contract_key,
        sum(allocated_minor) as shared_minor
    from shares
    group by contract_key
),

-- An estimate whose lines weigh nothing would fall on them in equal parts, by no rule; one line alone takes all of it (55-248).
weightless as (
    select
        component_key,
        contract_key,
        line_key,
        max(allocated_minor) as allocated_minor
    from {{ ref('price_changes') }}
    where component_key <> 0 and basis <> 'targeted' and weight = 0 and allocated_minor <> 0
    group by component_key, contract_key, line_key
),

by_no_rule as (
    select component_key
    from weightless
    group by component_key
    having count(*) > 1
),

wrong as (
    select
        shares.contract_key,
        shares.line_key,
        cast(shares.allocated_minor as {{ dbt.type_bigint() }}) as allocated_minor,
        concat(
            'a part of ', cast(shares.weight as {{ dbt.type_string() }}), ' in ', cast(shares.total_weight as {{ dbt.type_string() }}),
            ' of ', cast(totals.shared_minor as {{ dbt.type_string() }}), ' minor units'
        ) as exact_share
    from shares
    inner join totals
        on shares.contract_key = totals.contract_key
    where
        abs(shares.allocated_minor * shares.total_weight - totals.shared_minor * shares.weight) >= shares.total_weight
        or (shares.weight = 0 and shares.allocated_minor <> 0)
    union all
    select
        weightless.contract_key,
        weightless.line_key,
        cast(max(weightless.allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor,
        'a part of an estimate by weight: its weight is nothing' as exact_share
    from weightless
    inner join by_no_rule
        on weightless.component_key = by_no_rule.component_key
    group by weightless.contract_key, weightless.line_key
)

select
    contracts.entity_id,
    contracts.book,
    'share_is_its_weight' as rule,
    'block' as severity,
    contracts.inception_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', terms.line_id) as source_id,
    wrong.exact_share as expected,
    cast({{ to_major('wrong.allocated_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'Line ', terms.line_id, ' of contract ', contracts.contract_id, ' is given ',
        cast({{ to_major('wrong.allocated_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' ', contracts.currency,
        ', which is not ', wrong.exact_share, '.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from wrong
inner join {{ ref('contracts') }} as contracts
    on wrong.contract_key = contracts.contract_key
inner join {{ ref('contract_terms') }} as terms
    on wrong.line_key = terms.line_key
