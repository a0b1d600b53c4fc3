-- One row per delivered contract cost, with its fate in status.
with delivered as (
    select
        cost_id,
        contract_id,
        kind,
        incurred_on,
        amount,
        amortise_from,
        amortise_to,
        payee,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__contract_costs') }}
),

contracts as (
    select
        contract_id,
        entity_id,
        currency,
        known_at
    from {{ ref('int_inputs__contracts') }}
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
        contracts.contract_id as found_contract,
        contracts.entity_id,
        contracts.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.incurred_on') }}, {{ beginning() }}) as recorded_at,
        coalesce(contracts.known_at, {{ beginning() }}) as referred_known_at
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
            when found_contract is null then {{ no_such('contract', 'contract_id') }}
            when amortise_to < amortise_from
                then {{ problem('amortise_to', 'amortise_to', "'amortise_to is before amortise_from'") }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(['cost_id'], 'cost_id', 'this cost_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['cost_id']) }} as row_rank,
        {{ accepted_at(['cost_id']) }} as accepted_at
    from checked
)

select
    cost_id,
    contract_id,
    kind,
    incurred_on,
    amount_minor,
    amortise_from,
    amortise_to,
    payee,
    source_system,
    recorded_at,
    entity_id,
    currency,
    loaded_from,
    file_name,
    file_line,
    known_at,
    problem,
    {{ row_status() }} as status,
    row_rank = 1 and problem is null as is_reference
from ranked
