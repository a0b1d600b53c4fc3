-- One row per position whose revenue and presentation do not come to the revenue recognised, the first time (invariant 42).
with contracts as (
    select * from {{ ref('contracts') }}
),

-- What is billed, paid and credited moves both sides of B + UR + CA = R + CL + RL - I alike; the rest must be revenue.
moved as (
    select
        contract_key,
        period_no,
        amount_minor
    from {{ ref('ledger_postings') }}
    where
        entry_type in ('revenue', 'reclassification', 'netting')
        and role in ('deferred_revenue', 'contract_asset', 'unbilled_receivable', 'refund_liability')
    union all
    -- In an opening balance what was billed is taken out, and what is owed back of it.
    select
        contract_key,
        period_no,
        amount_minor
    from {{ ref('ledger_postings') }}
    where
        entry_type = 'opening_balance' and source_type = 'opening_balance'
        and role in ('deferred_revenue', 'contract_asset', 'unbilled_receivable')
    union all
    select
        contract_key,
        period_no - 1 as period_no,
        billed_minor as amount_minor
    from {{ ref('opening_lines') }}
    where period_no - 1 <= {{ through_period_no() }}
    union all
    select
        liabilities.contract_key,
        openings.period_no - 1 as period_no,
        -liabilities.credit_minor as amount_minor
    from {{ ref('expected_liabilities') }} as liabilities
    inner join {{ ref('opening_contracts') }} as openings
        on liabilities.contract_key = openings.contract_key
    where liabilities.occurred_on < openings.starts_on and openings.period_no - 1 <= {{ through_period_no() }}
),

posted as (
    select
        contracts.position_key,
        moved.period_no,
        sum(moved.amount_minor) as posted_minor
    from moved
    inner join contracts
        on moved.contract_key = contracts.contract_key
    group by contracts.position_key, moved.period_no
),

earned as (
    select
        contracts.position_key,
        revenue.period_no,
        sum(revenue.amount_minor) as earned_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join contracts
        on revenue.contract_key = contracts.contract_key
    group by contracts.position_key, revenue.period_no
),

compared as (
    select
        coalesce(posted.position_key, earned.position_key) as contract_key,
        coalesce(posted.period_no, earned.period_no) as period_no,
        coalesce(posted.posted_minor, 0) as posted_minor,
        coalesce(earned.earned_minor, 0) as earned_minor
    from posted
    full outer join earned
        on
            posted.position_key = earned.position_key
            and posted.period_no = earned.period_no
),

first_times as (
    select
        compared.*,
        row_number() over (partition by contract_key order by period_no) as occurrence
    from compared
    where posted_minor <> earned_minor
),

shown as (
    select
        contracts.*,
        periods.period,
        periods.ends_on,
        cast({{ to_major('first_times.earned_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as earned,
        cast({{ to_major('first_times.posted_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as posted
    from first_times
    inner join contracts
        on first_times.contract_key = contracts.contract_key
    inner join {{ ref('fiscal_periods') }} as periods
        on
            first_times.period_no = periods.period_no
            and periods.calendar = 'monthly'
    where first_times.occurrence = 1
)

select
    entity_id,
    book,
    'position_ties_to_revenue' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    earned as expected,
    posted as actual,
    concat('The position of contract ', contract_id, ' takes ', posted, ' of revenue in ', period, '; ', earned, ' is recognised.') as explanation,
    recorded_at as first_seen_at
from shown
