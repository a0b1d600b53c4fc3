-- Days and months come from one closed form; if they differ, whoever reports by day reports another revenue.
with days as (
    select
        entity_id,
        book,
        coalesce(contract_id, '') as contract_id,
        coalesce(line_id, '') as line_id,
        currency,
        cause,
        {{ period_number('recognized_on') }} as period_no,
        sum(amount) as amount
    from {{ ref('daily_recognition') }}
    group by entity_id, book, coalesce(contract_id, ''), coalesce(line_id, ''), currency, cause, {{ period_number('recognized_on') }}
),

months as (
    select
        revenue.entity_id,
        revenue.book,
        coalesce(revenue.contract_id, '') as contract_id,
        coalesce(revenue.line_id, '') as line_id,
        revenue.currency,
        revenue.cause,
        periods.period_no,
        sum(revenue.amount) as amount
    from {{ ref('recognition_by_period') }} as revenue
    inner join {{ ref('fiscal_periods') }} as periods
        on
            revenue.accounting_period = periods.period
            and periods.calendar = 'monthly'
    group by
        revenue.entity_id, revenue.book, coalesce(revenue.contract_id, ''), coalesce(revenue.line_id, ''), revenue.currency, revenue.cause,
        periods.period_no
)

select
    coalesce(days.contract_id, months.contract_id) as contract_id,
    coalesce(days.line_id, months.line_id) as line_id,
    coalesce(days.period_no, months.period_no) as period_no,
    days.amount as by_day,
    months.amount as by_month
from days
full outer join months
    on
        days.entity_id = months.entity_id
        and days.book = months.book
        and days.contract_id = months.contract_id
        and days.line_id = months.line_id
        and days.currency = months.currency
        and days.cause = months.cause
        and days.period_no = months.period_no
where coalesce(days.amount, 0) <> coalesce(months.amount, 0)
