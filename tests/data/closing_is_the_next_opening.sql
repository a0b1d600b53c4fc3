-- A balance that changes between two months without an entry breaks every comparison with the month before.
with balances as (
    select
        'trial balance' as report,
        entity_id,
        book,
        concat(role, '|', coalesce(account_code, ''), '|', status) as item,
        currency,
        period,
        opening,
        closing
    from {{ ref('trial_balance') }}
    union all
    select
        'roll-forward' as report,
        entity_id,
        book,
        concat(coalesce(contract_id, ''), '|', coalesce(product_id, '')) as item,
        currency,
        period,
        opening,
        closing
    from {{ ref('deferred_revenue_rollforward') }}
    where {{ is_to_check('contract_id', by='contract_id') }}
    union all
    select
        'contract costs' as report,
        entity_id,
        book,
        cost_id as item,
        currency,
        period,
        opening,
        closing
    from {{ ref('contract_cost_rollforward') }}
),

numbered as (
    select
        balances.*,
        periods.period_no
    from balances
    inner join {{ ref('fiscal_periods') }} as periods
        on
            balances.period = periods.period
            and periods.calendar = 'monthly'
),

followed as (
    select
        numbered.*,
        lag(closing, 1, 0) over (
            partition by report, entity_id, book, item, currency order by period_no
        ) as closing_before,
        lead(period_no) over (
            partition by report, entity_id, book, item, currency order by period_no
        ) as next_period_no
    from numbered
)

-- No row means no balance: one that stands must have a row in the next period, up to the last.
select *
from followed
where
    opening <> closing_before
    or (closing <> 0 and period_no < {{ through_period_no() }} and coalesce(next_period_no, 0) <> period_no + 1)
