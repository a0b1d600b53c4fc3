-- The price of a contract must be given to its obligations to the cent: not more, not less (606-10-32-28).
-- A price that no line has a standalone price to share by is a blocking flag of its own (price_is_fully_allocated).
with allocated as (
    select
        contract_key,
        max(total_weight) as total_weight,
        sum(allocated_minor) as allocated_minor
    from {{ ref('allocations') }}
    group by contract_key
)

select
    allocated.contract_key,
    allocated.allocated_minor,
    prices.fixed_minor
from allocated
left join {{ ref('transaction_prices') }} as prices
    on allocated.contract_key = prices.contract_key
where allocated.total_weight > 0 and allocated.allocated_minor <> coalesce(prices.fixed_minor, 0)
