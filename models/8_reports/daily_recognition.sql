{{ config(materialized='view') }}
-- One row per line, day and cause: revenue by day, from the same closed form as the months. Ask for the days you need.
with contra as (
    select
        postings.contract_key,
        postings.line_key,
        postings.entry_on as recognized_on,
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
        case when revenue.period_no < openings.period_no then openings.opened_on else openings.starts_on end as recognized_on,
        revenue.cause,
        revenue.amount_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join {{ ref('opening_contracts') }} as openings
        on revenue.contract_key = openings.contract_key
    where revenue.cause = 'opening_balance'
),

combined as (
    select
        contract_key,
        line_key,
        recognized_on,
        cause,
        amount_minor
    from {{ ref('int_reports__days') }}
    union all
    select * from contra
    union all
    select * from opened
),

summed as (
    select
        contract_key,
        line_key,
        recognized_on,
        cause,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from combined
    where amount_minor <> 0
    group by contract_key, line_key, recognized_on, cause
)

select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    summed.recognized_on,
    {{ to_major('summed.amount_minor', 'parties.minor_units') }} as amount,
    parties.currency,
    summed.cause
from summed
left join {{ ref('posting_parties') }} as parties
    on summed.contract_key = parties.contract_key
left join {{ ref('posting_lines') }} as lines
    on summed.line_key = lines.line_key
