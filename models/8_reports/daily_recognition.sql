{{ config(materialized='view') }}
-- One row per line, day and cause: revenue by day, from the same closed form as the months. Ask for the days you need.
with openings as (
    select * from {{ ref('opening_contracts') }}
),

-- Days before the first of its own are another system's.
segments as (
    select
        segments.*,
        greatest({{ day_number('recognized_from_on') }}, {{ day_number('coalesce(openings.starts_on, recognized_from_on)') }}) as from_day,
        least({{ day_number('recognized_to_on') }}, {{ day_number("cast('" ~ through_last_day() ~ "' as date)") }}) as to_day
    from {{ ref('schedule_segments') }} as segments
    left join openings
        on segments.contract_key = openings.contract_key
),

line_shares as (
    select * from {{ ref('line_shares') }}
),

expanded as (
    select
        segments.*,
        {{ series_value() }} as day_no
    from {{ series_join('segments', 'segments.from_day', 'segments.to_day') }}
),

dated as (
    select
        expanded.*,
        convention in ('daily', 'thirty_360') as is_by_days,
        {{ day_from_number('day_no') }} as through_on,
        {{ day_from_number('day_no - 1') }} as before_on
    from expanded
),

windows as (
    select
        dated.*,
        {{ period_number('through_on') }} - first_period_no + 1 as month_no,
        greatest(cast({{ dbt.date_trunc('month', 'through_on') }} as date), schedule_from_on) as month_from_on,
        least(cast({{ dbt.last_day('through_on', 'month') }} as date), schedule_to_on) as month_to_on
    from dated
),

{{ earned_in_windows('windows') }},

by_line as (
    select
        earned.contract_key,
        line_shares.line_key,
        earned.through_on,
        earned.cause,
        {{ line_share('earned.earned_through_minor') }} - {{ line_share('earned.earned_before_minor') }} as amount_minor
    from earned
    inner join line_shares
        on earned.schedule_key = line_shares.schedule_key
),

contra as (
    select
        postings.contract_key,
        postings.line_key,
        postings.entry_on as through_on,
        postings.cause,
        -postings.amount_minor as amount_minor
    from {{ ref('ledger_postings') }} as postings
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    where (roles.is_contra_revenue or postings.role = 'revenue') and postings.entry_type not in ('revenue', 'opening_balance')
),

opened as (
    select
        revenue.contract_key,
        revenue.line_key,
        case when revenue.period_no < openings.period_no then openings.opened_on else openings.starts_on end as through_on,
        revenue.cause,
        revenue.amount_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join openings
        on revenue.contract_key = openings.contract_key
    where revenue.cause = 'opening_balance'
),

combined as (
    select * from by_line
    union all
    select * from contra
    union all
    select * from opened
)

select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    combined.through_on as recognized_on,
    {{ to_major('cast(sum(combined.amount_minor) as ' ~ dbt.type_bigint() ~ ')', 'max(parties.minor_units)') }} as amount,
    parties.currency,
    combined.cause
from combined
inner join {{ ref('posting_parties') }} as parties
    on combined.contract_key = parties.contract_key
left join {{ ref('posting_lines') }} as lines
    on combined.line_key = lines.line_key
where combined.amount_minor <> 0
group by
    parties.entity_id, parties.book, parties.contract_id, lines.obligation_id, lines.line_id, combined.through_on, parties.currency, combined.cause
