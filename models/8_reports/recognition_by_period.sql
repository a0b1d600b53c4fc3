{{ config(materialized='view') }}
-- One row per line, accounting period, posting period and cause: revenue net of contra revenue, in the period it belongs to and the one it is booked in.
with periods as (
    select
        period_no,
        period
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

-- Joined to its period before it is summed, so that who asks for one reads no other. Every posting has its periods and its party: left joins, or
-- planners take these for a few rows.
postings as (
    select
        postings.contract_key,
        postings.line_key,
        postings.accounting_period_no,
        booked.period as posting_period,
        postings.cause,
        cast(sum(-postings.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('booked_postings') }} as postings
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    left join periods as booked
        on postings.period_no = booked.period_no
    where roles.is_contra_revenue or postings.role = 'revenue'
    group by postings.contract_key, postings.line_key, postings.accounting_period_no, booked.period, postings.cause
),

parties as (
    select * from {{ ref('posting_parties') }}
),

lines as (
    select * from {{ ref('posting_lines') }}
)

select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    parties.customer_id,
    belongs.period as accounting_period,
    postings.posting_period,
    {{ to_major('postings.amount_minor', 'parties.minor_units') }} as amount,
    parties.currency,
    postings.cause
from postings
left join parties
    on postings.contract_key = parties.contract_key
left join periods as belongs
    on postings.accounting_period_no = belongs.period_no
left join lines
    on postings.line_key = lines.line_key
where postings.amount_minor <> 0
