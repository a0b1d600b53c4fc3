-- One row per delivered measurement of progress, with its fate in status.
{%- set key = ['contract_id', 'line_id', 'measured_on'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_progress') }}
),

contracts as (
    select * from {{ ref('int_inputs__contracts') }} where is_reference
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
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        contracts.contract_id is not null as has_contract,
        lines.line_id is not null as has_line,
        contracts.entity_id,
        contracts.currency,
        currencies.minor_units,
        {{ delivered_minor('at_cost') }} as at_cost_minor,
        {{ recorded_or_start_of('delivered.measured_on') }} as recorded_at,
        {{ latest_of(['contracts.known_at', 'lines.known_at']) }} as referred_known_at
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
            when not has_contract then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and not has_line then {{ no_such_line() }}
            {{ amount_problems('at_cost') }}
            {{ repetition_problems(key, 'measured_on', 'this measurement') }}
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
