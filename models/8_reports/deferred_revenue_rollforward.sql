{{ config(materialized='view') }}
-- One row per contract, product, currency and period: opening contract liability, every movement signed by its effect, closing.
with spans as (
    select * from {{ ref('int_reports__liability_movements') }}
),

parties as (
    select * from {{ ref('posting_parties') }}
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
-- Every month has its period: a left join, as in windows_by_period.
left join {{ ref('fiscal_periods') }} as periods
    on
        signed.standing_period_no = periods.period_no
        and periods.calendar = 'monthly'
