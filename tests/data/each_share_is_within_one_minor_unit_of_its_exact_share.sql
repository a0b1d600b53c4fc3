-- More than that is no rounding: one obligation would take from another (606-10-32-31).
with weights as (
    select
        allocations.contract_key,
        allocations.line_key,
        cast(allocations.allocated_minor as {{ wide_int() }}) as allocated_minor,
        cast(allocations.weight as {{ wide_int() }}) as weight,
        cast(allocations.total_weight as {{ wide_int() }}) as total_weight
    from {{ ref('allocations') }} as allocations
    inner join {{ ref('standalone_prices') }} as weights
        on allocations.line_key = weights.line_key
    where not weights.is_reduction and not weights.is_variable
),

shared as (
    select
        contract_key,
        sum(allocated_minor) as shared_minor
    from weights
    group by contract_key
)

select weights.*
from weights
inner join shared
    on weights.contract_key = shared.contract_key
where
    weights.total_weight > 0
    and (
        abs(weights.allocated_minor * weights.total_weight - shared.shared_minor * weights.weight)
        >= weights.total_weight
        or (weights.weight = 0 and weights.allocated_minor <> 0)
    )
