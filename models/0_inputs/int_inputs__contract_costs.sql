-- One row per delivered contract cost, with its fate in status.
{%- set key = ['cost_id'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__contract_costs') }}
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        contracts.contract_id is not null as has_contract,
        contracts.entity_id,
        contracts.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        {{ recorded_or_start_of('delivered.incurred_on') }} as recorded_at,
        {{ latest_of(['contracts.known_at']) }} as referred_known_at
    from delivered
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join currencies
        on contracts.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_contract then {{ no_such('contract', 'contract_id') }}
            when amortise_to < amortise_from
                then {{ problem('amortise_to', 'amortise_to', "'amortise_to is before amortise_from'") }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(key, 'cost_id', 'this cost_id') }}
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
