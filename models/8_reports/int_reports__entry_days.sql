{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per line, day, cause and posting to revenue that no schedule earned, and per opening of a line: what is earned or given back on that day.
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
)

select * from contra
where amount_minor <> 0
union all
select * from opened
where amount_minor <> 0
