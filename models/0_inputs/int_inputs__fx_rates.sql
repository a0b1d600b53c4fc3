-- One row per delivered exchange rate, with its fate in status.
{%- set key = ['rate_on', 'from_currency', 'to_currency', 'kind'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__fx_rates') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        currencies.currency is not null as has_currency,
        to_currencies.currency is not null as has_to_currency,
        {{ recorded_or_start_of('delivered.rate_on') }} as recorded_at
    from delivered
    left join currencies
        on delivered.from_currency = currencies.currency
    left join currencies as to_currencies
        on delivered.to_currency = to_currencies.currency
),

checked as (
    select
        *,
        recorded_at as known_at,
        case
            when not has_currency then {{ no_such_currency('from_currency') }}
            when not has_to_currency then {{ no_such_currency('to_currency') }}
            when rate <= 0 then {{ problem('rate', plain_number('rate'), "'rate must be above zero'") }}
            {{ repetition_problems(key, 'rate', 'this rate', is_dated=false) }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
