-- Revenue above the allocated price is money that was never promised. Usage and what is billed as it is used have no
-- price beforehand.
with running as (
    select
        revenue.contract_key,
        revenue.line_key,
        revenue.period_no,
        sum(revenue.amount_minor) over (
            partition by revenue.line_key order by revenue.period_no rows between unbounded preceding and current row
        ) as recognized_minor
    from {{ ref('revenue_by_period') }} as revenue
    where {{ is_to_check('revenue.contract_key') }}
)

select
    running.contract_key,
    running.line_key,
    running.period_no,
    running.recognized_minor,
    allocations.allocated_minor
from running
inner join {{ ref('allocations') }} as allocations
    on running.line_key = allocations.line_key
left join {{ ref('opening_lines') }} as openings
    on
        running.line_key = openings.line_key
        and running.period_no < openings.period_no
-- What another system recognised before is caught up in the first period, and named by a flag.
where
    openings.line_key is null
    and not allocations.is_variable
    and (
        abs(running.recognized_minor) > abs(allocations.allocated_minor)
        or running.recognized_minor * case when allocations.allocated_minor < 0 then -1 else 1 end < 0
    )
