-- One row per delivered event of a contract cost, with its fate in status.
{%- set key = ['cost_id', 'occurred_on', 'kind'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__contract_cost_events') }}
),

costs as (
    select * from {{ ref('int_inputs__contract_costs') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        costs.cost_id is not null as has_cost,
        costs.entity_id,
        costs.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        {{ recorded_or_start_of('delivered.occurred_on') }} as recorded_at,
        {{ latest_of(['costs.known_at']) }} as referred_known_at
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
            when not has_cost then {{ no_such('cost', 'cost_id') }}
            when kind = 'extend' and amortise_to is null
                then {{ problem('amortise_to', 'amortise_to', "'an extension needs the new last day in amortise_to'") }}
            when kind in ('recoverable_amount', 'clawback') and amount_minor is null
                then {{ problem('amount', 'amount', "'this kind of event needs an amount'") }}
            when amount_minor < 0 then {{ problem('amount', 'amount', "'amount is negative'") }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(key, 'occurred_on', 'this event') }}
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
