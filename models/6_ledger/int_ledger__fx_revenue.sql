-- One row per line of a contract in a foreign currency and span of days: what is earned in it, and the rate if nothing was billed for it.
with windows as (
    select * from {{ ref('int_ledger__fx_windows') }}
),

line_shares as (
    select * from {{ ref('line_shares') }}
),

foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

{{ earned_in_windows('windows') }},

by_line as (
    select
        earned.contract_key,
        line_shares.line_key,
        earned.through_on,
        earned.cause,
        -- Service of a span of days may go at the average rate of its month (830-10-55-10).
        case when earned.recognized_from_on < earned.recognized_to_on then 1 else 0 end as is_spread,
        {{ line_share('earned.earned_through_minor') }} - {{ line_share('earned.earned_before_minor') }} as amount_minor
    from earned
    inner join line_shares
        on earned.schedule_key = line_shares.schedule_key
),

summed as (
    select
        contract_key,
        line_key,
        through_on,
        cause,
        is_spread,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from by_line
    group by contract_key, line_key, through_on, cause, is_spread
    having sum(amount_minor) <> 0
)

select
    summed.contract_key,
    summed.line_key,
    summed.through_on,
    {{ period_number('summed.through_on') }} as period_no,
    summed.cause,
    summed.is_spread,
    summed.amount_minor,
    coalesce(averages.rate_atto, spot_rates.rate_atto, 0) as rate_atto
from summed
inner join foreign_contracts
    on summed.contract_key = foreign_contracts.contract_key
left join rates as spot_rates
    on
        foreign_contracts.currency = spot_rates.from_currency
        and foreign_contracts.functional_currency = spot_rates.to_currency
        and spot_rates.kind = 'spot'
        and summed.through_on >= spot_rates.valid_from
        and summed.through_on < spot_rates.valid_before
left join rates as averages
    on
        foreign_contracts.currency = averages.from_currency
        and foreign_contracts.functional_currency = averages.to_currency
        and averages.kind = 'average'
        and summed.is_spread = 1
        and summed.through_on >= averages.valid_from
        and summed.through_on < averages.valid_before
