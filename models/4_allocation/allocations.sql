-- One row per promised line: its share of the transaction price, by relative standalone price and largest remainder (606-10-32-31).
with weights as (
    select * from {{ ref('standalone_prices') }}
    where not is_folded
),

prices as (
    select * from {{ ref('transaction_prices') }}
),

totals as (
    select
        contract_key,
        cast(sum(weight) as {{ dbt.type_bigint() }}) as total_weight,
        cast(sum(case when is_reduction then amount_minor else 0 end) as {{ dbt.type_bigint() }}) as reduction_minor
    from weights
    group by contract_key
),

-- Where everything sells at its standalone price there is nothing to share: every line keeps its own.
shared as (
    select
        weights.*,
        totals.total_weight,
        coalesce(prices.fixed_minor, 0) - totals.reduction_minor as shared_minor,
        totals.total_weight = coalesce(prices.fixed_minor, 0) - totals.reduction_minor as is_at_standalone_price,
        case when coalesce(prices.fixed_minor, 0) < totals.reduction_minor then -1 else 1 end as sign,
        cast(abs(coalesce(prices.fixed_minor, 0) - totals.reduction_minor) as {{ wide_int() }}) * weights.weight as product,
        case when totals.total_weight > 0 then totals.total_weight else 1 end as divisor
    from weights
    inner join totals
        on weights.contract_key = totals.contract_key
    left join prices
        on weights.contract_key = prices.contract_key
),

floored as (
    select
        shared.*,
        {{ int_div('product', 'divisor') }} as floor_minor,
        {{ int_mod('product', 'divisor') }} as remainder
    from shared
),

ranked as (
    select
        floored.*,
        row_number() over (partition by contract_key order by remainder desc, line_no) as rank_of_remainder,
        cast(abs(shared_minor) - sum(floor_minor) over (partition by contract_key) as {{ dbt.type_bigint() }}) as left_over
    from floored
)

select
    contract_key,
    obligation_key,
    line_key,
    line_no,
    is_variable,
    ssp_minor,
    weight,
    total_weight,
    case
        when is_variable then 0
        when is_reduction then amount_minor
        when is_at_standalone_price then weight
        when total_weight = 0 then 0
        else sign * (floor_minor + case when rank_of_remainder <= left_over then 1 else 0 end)
    end as allocated_minor,
    'inception' as basis
from ranked
