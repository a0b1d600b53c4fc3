{{ config(materialized='view') }}
-- One row per contract and period: receivable, unbilled receivable, contract asset, contract liability, refund liability at its end.
with balances as (
    select * from {{ ref('contract_positions') }}
),

liabilities as (
    select * from {{ ref('contract_liabilities') }}
),

-- A journal that names no contract has balances too, or the parts would not be the accounts' whole.
contracts as (
    select * from {{ ref('posting_parties') }}
),

spans as (
    select
        balances.*,
        case
            when receivable_minor = 0 and unbilled_minor = 0 and asset_minor = 0 and liability_minor = 0 and refund_minor = 0 then period_no
            else coalesce(next_period_no - 1, {{ through_period_no() }})
        end as to_period_no
    from balances
),

every_period as (
    select
        spans.*,
        {{ series_value() }} as standing_period_no
    from {{ series_join('spans', 'spans.period_no', 'spans.to_period_no') }}
)

select
    contracts.entity_id,
    contracts.book,
    contracts.contract_id,
    contracts.customer_id,
    contracts.currency,
    periods.period,
    {{ to_major('every_period.receivable_minor', 'contracts.minor_units') }} as receivable,
    {{ to_major('every_period.unbilled_minor', 'contracts.minor_units') }} as unbilled_receivable,
    {{ to_major('every_period.asset_minor', 'contracts.minor_units') }} as contract_asset,
    {{ to_major('every_period.liability_minor', 'contracts.minor_units') }} as contract_liability,
    {{ to_major('coalesce(liabilities.current_minor, 0)', 'contracts.minor_units') }} as contract_liability_current,
    {{ to_major('coalesce(liabilities.noncurrent_minor, 0)', 'contracts.minor_units') }} as contract_liability_noncurrent,
    {{ to_major('every_period.refund_minor', 'contracts.minor_units') }} as refund_liability,
    {{ to_major('coalesce(liabilities.from_opening_minor, 0)', 'contracts.minor_units') }} as revenue_from_opening_liability
from every_period
-- Every position has its party and its periods: left joins, as in windows_by_period.
left join contracts
    on every_period.contract_key = contracts.contract_key
left join {{ ref('fiscal_periods') }} as periods
    on
        every_period.standing_period_no = periods.period_no
        and periods.calendar = 'monthly'
left join liabilities
    on
        every_period.contract_key = liabilities.contract_key
        and every_period.standing_period_no = liabilities.period_no
