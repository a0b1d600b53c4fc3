-- A day in no period, or in two, is revenue that is booked never or twice.
with ordered as (
    select
        calendar,
        period,
        period_no,
        starts_on,
        ends_on,
        lead(period_no) over (partition by calendar order by period_no) as next_period_no,
        lead(starts_on) over (partition by calendar order by period_no) as next_starts_on
    from {{ ref('fiscal_periods') }}
)

select *
from ordered
where
    ends_on < starts_on
    or (next_period_no is not null and next_period_no <> period_no + 1)
    or (next_starts_on is not null and {{ day_number('next_starts_on') }} <> {{ day_number('ends_on') }} + 1)
