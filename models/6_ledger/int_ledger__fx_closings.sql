-- One row per contract in a foreign currency and period end at which its balances may have another rate: the closing rate.
with foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
    where kind = 'spot'
),

last_rates as (
    select
        from_currency,
        to_currency,
        {{ period_number('max(valid_from)') }} as last_period_no
    from rates
    group by from_currency, to_currency
),

moved as (
    select
        contract_key,
        min(period_no) as first_period_no,
        max(period_no) as last_period_no
    from {{ ref('int_ledger__fx_postings') }}
    group by contract_key
),

-- After the last movement and the last rate nothing changes any more.
spans as (
    select
        moved.contract_key,
        foreign_contracts.currency,
        foreign_contracts.functional_currency,
        moved.first_period_no,
        least({{ through_period_no() }}, greatest(moved.last_period_no, last_rates.last_period_no)) as last_period_no
    from moved
    inner join foreign_contracts
        on moved.contract_key = foreign_contracts.contract_key
    inner join last_rates
        on
            foreign_contracts.currency = last_rates.from_currency
            and foreign_contracts.functional_currency = last_rates.to_currency
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
)

select
    spans.contract_key,
    periods.period_no,
    periods.ends_on,
    coalesce(rates.rate_atto, 0) as rate_atto
from spans
inner join periods
    on periods.period_no >= spans.first_period_no and periods.period_no <= spans.last_period_no
left join rates
    on
        spans.currency = rates.from_currency
        and spans.functional_currency = rates.to_currency
        and periods.ends_on >= rates.valid_from
        and periods.ends_on < rates.valid_before
