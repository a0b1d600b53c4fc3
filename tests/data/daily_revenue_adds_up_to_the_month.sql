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
        parties.entity_id,
        parties.book,
        coalesce(parties.contract_id, '') as contract_id,
        coalesce(lines.line_id, '') as line_id,
        parties.currency,
        postings.cause,
        postings.period_no,
        {{ to_major('cast(sum(-postings.amount_minor) as ' ~ dbt.type_bigint() ~ ')', 'max(parties.minor_units)') }} as amount
    from {{ ref('ledger_postings') }} as postings
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    inner join {{ ref('posting_parties') }} as parties
        on postings.contract_key = parties.contract_key
    left join {{ ref('posting_lines') }} as lines
        on postings.line_key = lines.line_key
    where roles.is_contra_revenue or postings.role = 'revenue'
    group by
        parties.entity_id, parties.book, coalesce(parties.contract_id, ''), coalesce(lines.line_id, ''), parties.currency, postings.cause,
        postings.period_no
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
