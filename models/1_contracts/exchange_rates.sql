-- One row per pair of currencies, kind and span of days: the rate in force. A spot rate holds until the next, an average for its month.
with rates as (
    select * from {{ ref('input_fx_rates') }}
),

spot as (
    select
        from_currency,
        to_currency,
        kind,
        rate_on as valid_from,
        coalesce(
            lead(rate_on) over (partition by from_currency, to_currency order by rate_on), cast('9999-12-31' as date)
        ) as valid_before,
        rate
    from rates
    where kind = 'spot'
),

averages as (
    select
        rates.*,
        cast({{ dbt.date_trunc('month', 'rate_on') }} as date) as valid_from,
        row_number() over (
            partition by from_currency, to_currency, {{ period_number('rate_on') }} order by rate_on desc
        ) as preference
    from rates
    where kind = 'average'
),

combined as (
    select * from spot
    union all
    select
        from_currency,
        to_currency,
        kind,
        valid_from,
        cast({{ dbt.dateadd('month', 1, 'valid_from') }} as date) as valid_before,
        rate
    from averages
    where preference = 1
)

select
    from_currency,
    to_currency,
    kind,
    valid_from,
    valid_before,
    -- Eighteen decimals as a whole number, so that translation is exact; in two steps, each of which fits into 38 digits.
    cast(cast(rate * 1000000000 as {{ wide_decimal(36, 9) }}) * 1000000000 as {{ wide_int() }}) as rate_atto
from combined
