-- One row per delivered exchange rate, with its fate in status.
with delivered as (
    select
        rate_on,
        from_currency,
        to_currency,
        rate,
        kind,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__fx_rates') }}
),

currencies as (
    select
        currency
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        currencies.currency as found_from_currency,
        to_currencies.currency as found_to_currency,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.rate_on') }}, {{ beginning() }}) as recorded_at
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
            when found_from_currency is null then {{ no_such_currency('from_currency') }}
            when found_to_currency is null then {{ no_such_currency('to_currency') }}
            when rate <= 0 then {{ problem('rate', 'rate', "'rate must be above zero'") }}
            {{ repetition_problems(['rate_on', 'from_currency', 'to_currency', 'kind'], 'rate_on', 'this rate') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['rate_on', 'from_currency', 'to_currency', 'kind']) }} as row_rank,
        {{ accepted_at(['rate_on', 'from_currency', 'to_currency', 'kind']) }} as accepted_at
    from checked
)

select
    rate_on,
    from_currency,
    to_currency,
    rate,
    kind,
    source_system,
    recorded_at,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
