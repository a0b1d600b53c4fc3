-- One row per delivered legal entity, with its fate in status.
{%- set key = ['entity_id'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__entities') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        currencies.currency is not null as has_currency,
        reporting_currencies.currency is not null as has_reporting_currency,
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
            when not has_currency then {{ no_such_currency('functional_currency') }}
            when reporting_currency is not null and not has_reporting_currency
                then {{ no_such_currency('reporting_currency') }}
            {{ repetition_problems(key, 'entity_id', 'this entity_id', is_dated=false) }}
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
