-- One row per line, accounting period, posting period and cause: revenue net of contra revenue, in the period it belongs to.
with revenue as (
    select
        contract_key,
        line_key,
        period_no,
        cause,
        amount_minor
    from {{ ref('revenue_by_period') }}
),

contra as (
    select
        postings.contract_key,
        postings.line_key,
        postings.period_no,
        postings.cause,
        -postings.amount_minor as amount_minor
    from {{ ref('ledger_postings') }} as postings
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    where (roles.is_contra_revenue or postings.role = 'revenue') and postings.entry_type not in ('revenue', 'opening_balance')
),

combined as (
    select * from revenue
    union all
    select * from contra
),

parties as (
    select * from {{ ref('posting_parties') }}
),

lines as (
    select * from {{ ref('posting_lines') }}
),

periods as (
    select
        period_no,
        period
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

summed as (
    select
        contract_key,
        line_key,
        period_no,
        cause,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from combined
    group by contract_key, line_key, period_no, cause
)

select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    lines.product_id,
    parties.customer_id,
    periods.period as accounting_period,
    periods.period as posting_period,
    {{ to_major('summed.amount_minor', 'parties.minor_units') }} as amount,
    parties.currency,
    summed.cause
from summed
inner join parties
    on summed.contract_key = parties.contract_key
inner join periods
    on summed.period_no = periods.period_no
left join lines
    on summed.line_key = lines.line_key
where summed.amount_minor <> 0
