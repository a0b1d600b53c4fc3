-- One row per contract, product, currency and period: opening contract liability, every movement signed by its effect, closing.
with postings as (
    select * from {{ ref('booked_postings') }}
    where role = 'deferred_revenue'
),

parties as (
    select * from {{ ref('posting_parties') }}
),

lines as (
    select * from {{ ref('posting_lines') }}
),

movements as (
    select
        postings.contract_key,
        coalesce(lines.product_id, '') as product_id,
        postings.period_no,
        sum(case when postings.entry_type = 'invoice' then -postings.amount_minor else 0 end) as billings_minor,
        sum(case when postings.entry_type = 'revenue' then -postings.amount_minor else 0 end) as recognized_minor,
        sum(case when postings.entry_type in ('credit_note', 'refund', 'void', 'dispute') then -postings.amount_minor else 0 end) as credits_minor,
        sum(case
            when postings.entry_type not in ('invoice', 'revenue', 'credit_note', 'refund', 'void', 'dispute') then -postings.amount_minor
            else 0
        end) as adjustments_minor,
        sum(-postings.amount_minor) as change_minor
    from postings
    left join lines
        on postings.line_key = lines.line_key
    group by postings.contract_key, coalesce(lines.product_id, ''), postings.period_no
),

balances as (
    select
        movements.*,
        sum(change_minor) over (
            partition by contract_key, product_id order by period_no rows between unbounded preceding and current row
        ) as closing_minor,
        lead(period_no) over (partition by contract_key, product_id order by period_no) as next_period_no
    from movements
),

-- A balance stands in every period until the next movement; a balance of nothing needs no row.
spans as (
    select
        balances.*,
        case
            when closing_minor = 0 then period_no
            else coalesce(next_period_no - 1, {{ through_period_no() }})
        end as to_period_no
    from balances
),

every_period as (
    select
        spans.*,
        {{ series_value() }} as standing_period_no
    from {{ series_join('spans', 'spans.period_no', 'spans.to_period_no') }}
),

signed as (
    select
        every_period.*,
        case when standing_period_no = period_no then 1 else 0 end as moves
    from every_period
)

select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    parties.customer_id,
    nullif(signed.product_id, '') as product_id,
    parties.currency,
    periods.period,
    {{ to_major('signed.closing_minor - signed.moves * signed.change_minor', 'parties.minor_units') }} as opening,
    {{ to_major('signed.moves * signed.billings_minor', 'parties.minor_units') }} as billings,
    {{ to_major('signed.moves * signed.recognized_minor', 'parties.minor_units') }} as recognized,
    {{ to_major('signed.moves * signed.credits_minor', 'parties.minor_units') }} as credits,
    {{ to_major('signed.moves * signed.adjustments_minor', 'parties.minor_units') }} as adjustments,
    {{ to_major('0', 'parties.minor_units') }} as fx,
    {{ to_major('signed.closing_minor', 'parties.minor_units') }} as closing
from signed
inner join parties
    on signed.contract_key = parties.contract_key
inner join {{ ref('fiscal_periods') }} as periods
    on
        signed.standing_period_no = periods.period_no
        and periods.calendar = 'monthly'
