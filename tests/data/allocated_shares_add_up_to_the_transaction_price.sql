-- The price of a contract must be given to its obligations to the cent: not more, not less (606-10-32-28).
with allocated as (
    select
        contract_key,
        sum(allocated_minor) as allocated_minor
    from {{ ref('allocations') }}
    group by contract_key
)

select
    allocated.contract_key,
    allocated.allocated_minor,
    prices.fixed_minor
from allocated
full outer join {{ ref('transaction_prices') }} as prices
    on allocated.contract_key = prices.contract_key
where coalesce(allocated.allocated_minor, 0) <> coalesce(prices.fixed_minor, 0)
