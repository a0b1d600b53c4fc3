-- Days and months come from one closed form; if they differ, whoever reports by day reports another revenue. Of the contracts computed by this
-- build: the others were compared when they were.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

-- No engine looks for them before it makes the days of all, so their slices are taken here.
slices as (
    select slices.*
    from {{ ref('int_reports__day_slices') }} as slices
    inner join changed
        on slices.contract_key = changed.contract_key
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

calendar_days as (
    select * from {{ ref('calendar_days') }}
),

{{ earned_by_day('slices') }},

amounts_of_days as (
    select
        contract_key,
        line_key,
        through_on as recognized_on,
        cause,
        {{ line_share('earned_through_minor', 'earned') }} - {{ line_share('earned_before_minor', 'earned') }} as amount_minor
    from earned
    union all
    select entry_days.*
    from {{ ref('int_reports__entry_days') }} as entry_days
    inner join changed
        on entry_days.contract_key = changed.contract_key
),

of_days as (
    select
        contract_key,
        coalesce(line_key, 0) as line_key,
        cause,
        {{ period_number('recognized_on') }} as period_no,
        sum(amount_minor) as amount_minor
    from amounts_of_days
    group by contract_key, coalesce(line_key, 0), cause, {{ period_number('recognized_on') }}
),

of_months as (
    select
        postings.contract_key,
        coalesce(postings.line_key, 0) as line_key,
        postings.cause,
        postings.period_no,
        sum(-postings.amount_minor) as amount_minor
    from {{ ref('ledger_postings') }} as postings
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    inner join changed
        on postings.contract_key = changed.contract_key
    where roles.is_contra_revenue or postings.role = 'revenue'
    group by postings.contract_key, coalesce(postings.line_key, 0), postings.cause, postings.period_no
)

select
    coalesce(of_days.contract_key, of_months.contract_key) as contract_key,
    coalesce(of_days.line_key, of_months.line_key) as line_key,
    coalesce(of_days.period_no, of_months.period_no) as period_no,
    of_days.amount_minor as by_day,
    of_months.amount_minor as by_month
from of_days
full outer join of_months
    on
        of_days.contract_key = of_months.contract_key
        and of_days.line_key = of_months.line_key
        and of_days.cause = of_months.cause
        and of_days.period_no = of_months.period_no
where coalesce(of_days.amount_minor, 0) <> coalesce(of_months.amount_minor, 0)
