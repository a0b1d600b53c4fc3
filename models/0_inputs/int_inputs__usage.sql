-- One row per delivered usage record, with its fate in status.
with delivered as (
    select
        usage_id,
        contract_id,
        line_id,
        used_on,
        quantity,
        unit_price,
        amount,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__usage') }}
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

lines as (
    select
        contract_id,
        line_id,
        min(known_at) as known_at
    from {{ ref('int_inputs__contract_lines') }}
    where is_reference
    group by contract_id, line_id
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
        lines.line_id as found_line,
        contracts.entity_id,
        contracts.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.used_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(contracts.known_at, {{ beginning() }}),
            coalesce(lines.known_at, {{ beginning() }})
        ) as referred_known_at
    from delivered
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join lines
        on
            delivered.contract_id = lines.contract_id
            and delivered.line_id = lines.line_id
    left join currencies
        on contracts.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_contract is null then {{ no_such('contract', 'contract_id') }}
            when found_line is null then {{ no_such('line', 'line_id') }}
            {{ amount_problems('amount') }}
            {{ repetition_problems(['usage_id'], 'usage_id', 'this usage_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['usage_id']) }} as row_rank,
        {{ accepted_at(['usage_id']) }} as accepted_at
    from checked
)

select
    usage_id,
    contract_id,
    line_id,
    used_on,
    quantity,
    unit_price,
    amount_minor,
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
