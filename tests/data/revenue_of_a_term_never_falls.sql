-- Service once delivered stays delivered: a month with revenue below nothing means the schedule forgot what it had
-- recognised.
with signed as (
    select
        lines.obligation_key,
        revenue.period_no,
        sum(revenue.amount_minor) as amount_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join {{ ref('obligation_lines') }} as lines
        on revenue.line_key = lines.line_key
    -- What another system recognised otherwise is taken back when its balances are taken over, and named by a flag.
    where revenue.cause <> 'opening_balance'
    group by lines.obligation_key, revenue.period_no
),

prices as (
    select
        obligation_key,
        sum(allocated_minor) as allocated_minor
    from {{ ref('allocations') }}
    group by obligation_key
)

select
    signed.obligation_key,
    signed.period_no,
    signed.amount_minor,
    prices.allocated_minor
from signed
inner join prices
    on signed.obligation_key = prices.obligation_key
inner join {{ ref('obligations') }} as obligations
    on signed.obligation_key = obligations.obligation_key
where
    obligations.recognition_method = 'straight_line'
    and (
        (prices.allocated_minor >= 0 and signed.amount_minor < 0)
        or (prices.allocated_minor <= 0 and signed.amount_minor > 0)
    )
