-- One row per position that is presented by condition and period in which that may change: whether the terms in force at its end leave something to
-- deliver. When nothing is left, only time passes before what is earned is invoiced (606-10-45-4).
with promises as (
    select * from {{ ref('int_ledger__promises_in_force') }}
),

moments as (
    select
        contract_key as position_key,
        period_no
    from {{ ref('int_ledger__ahead_of_billing') }}
    where is_by_condition
    union distinct
    select
        position_key,
        {{ period_number('satisfied_on') }} as period_no
    from promises
    where satisfied_on is not null
    union distinct
    select
        position_key,
        {{ period_number('from_on') }} as period_no
    from promises
)

select
    moments.position_key,
    moments.period_no,
    max(case when promises.line_key is null or promises.satisfied_on <= periods.ends_on then 0 else 1 end) as is_open
from moments
inner join {{ ref('fiscal_periods') }} as periods
    on
        moments.period_no = periods.period_no
        and periods.calendar = 'monthly'
-- By terms that ended without others nothing is promised any more.
left join promises
    on
        moments.position_key = promises.position_key
        and periods.ends_on >= promises.from_on
        and periods.ends_on < promises.before_on
group by moments.position_key, moments.period_no
