-- One row per delivered event of a contract cost, with its fate in status.
with delivered as (
    select
        cost_id,
        occurred_on,
        kind,
        amount,
        amortise_to,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__contract_cost_events') }}
),

costs as (
    select
        cost_id,
        entity_id,
        currency,
        known_at
    from {{ ref('int_inputs__contract_costs') }}
    where is_reference
),

currencies as (
    select
        currency,
        minor_units
    from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        costs.cost_id as found_cost,
        costs.entity_id,
        costs.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.occurred_on') }}, {{ beginning() }}) as recorded_at,
        coalesce(costs.known_at, {{ beginning() }}) as referred_known_at
    from delivered
    left join costs
        on delivered.cost_id = costs.cost_id
    left join currencies
        on costs.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_cost is null then {{ no_such('cost', 'cost_id') }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(['cost_id', 'occurred_on', 'kind'], 'occurred_on', 'this event') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['cost_id', 'occurred_on', 'kind']) }} as row_rank,
        {{ accepted_at(['cost_id', 'occurred_on', 'kind']) }} as accepted_at
    from checked
)

select
    cost_id,
    occurred_on,
    kind,
    amount_minor,
    amortise_to,
    source_system,
    recorded_at,
    entity_id,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
