-- One row per delivered measurement of progress, with its fate in status.
with delivered as (
    select
        contract_id,
        line_id,
        measured_on,
        to_date,
        expected,
        at_cost,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__progress') }}
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
        {{ to_minor('delivered.at_cost', 'currencies.minor_units') }} as at_cost_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.measured_on') }}, {{ beginning() }}) as recorded_at,
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
            {{ amount_problems('at_cost') }}
            {{ repetition_problems(['contract_id', 'line_id', 'measured_on'], 'measured_on', 'this measurement') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['contract_id', 'line_id', 'measured_on']) }} as row_rank,
        {{ accepted_at(['contract_id', 'line_id', 'measured_on']) }} as accepted_at
    from checked
)

select
    contract_id,
    line_id,
    measured_on,
    to_date,
    expected,
    at_cost_minor,
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
