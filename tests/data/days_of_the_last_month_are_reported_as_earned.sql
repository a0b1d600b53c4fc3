-- Whoever adds up a month's days in daily_recognition must get the month: the last one, of every contract. A line that is found twice counts twice.
with days as (
    select
        entity_id,
        book,
        coalesce(contract_id, '') as contract_id,
        currency,
        cause,
        sum(amount) as amount
    from {{ ref('daily_recognition') }}
    where recognized_on between cast('{{ var("through") }}-01' as date) and cast('{{ through_last_day() }}' as date)
    group by entity_id, book, coalesce(contract_id, ''), currency, cause
),

months as (
    select
        parties.entity_id,
        parties.book,
        coalesce(parties.contract_id, '') as contract_id,
        parties.currency,
        postings.cause,
        {{ to_major('cast(sum(-postings.amount_minor) as ' ~ dbt.type_bigint() ~ ')', 'max(parties.minor_units)') }} as amount
    from {{ ref('ledger_postings') }} as postings
    inner join {{ ref('account_roles') }} as roles
        on postings.role = roles.role
    inner join {{ ref('posting_parties') }} as parties
        on postings.contract_key = parties.contract_key
    where (roles.is_contra_revenue or postings.role = 'revenue') and postings.period_no = {{ through_period_no() }}
    group by parties.entity_id, parties.book, coalesce(parties.contract_id, ''), parties.currency, postings.cause
)

select
    coalesce(days.contract_id, months.contract_id) as contract_id,
    coalesce(days.cause, months.cause) as cause,
    days.amount as by_day,
    months.amount as by_month
from days
full outer join months
    on
        days.entity_id = months.entity_id
        and days.book = months.book
        and days.contract_id = months.contract_id
        and days.currency = months.currency
        and days.cause = months.cause
where coalesce(days.amount, 0) <> coalesce(months.amount, 0)
