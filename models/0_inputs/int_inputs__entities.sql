-- One row per delivered legal entity, with its fate in status.
with delivered as (
    select
        entity_id,
        entity_name,
        functional_currency,
        reporting_currency,
        calendar,
        fiscal_year_start,
        timezone,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__entities') }}
),

currencies as (
    select
        currency
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        currencies.currency as found_functional_currency,
        reporting_currencies.currency as found_reporting_currency,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at
    from delivered
    left join currencies
        on delivered.functional_currency = currencies.currency
    left join currencies as reporting_currencies
        on delivered.reporting_currency = reporting_currencies.currency
),

checked as (
    select
        *,
        recorded_at as known_at,
        case
            when found_functional_currency is null then {{ no_such_currency('functional_currency') }}
            when reporting_currency is not null and found_reporting_currency is null
                then {{ no_such_currency('reporting_currency') }}
            {{ repetition_problems(['entity_id'], 'entity_id', 'this entity_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['entity_id']) }} as row_rank,
        {{ accepted_at(['entity_id']) }} as accepted_at
    from checked
)

select
    entity_id,
    entity_name,
    functional_currency,
    reporting_currency,
    calendar,
    fiscal_year_start,
    timezone,
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
