-- One row per delivered opening balance, with its fate in status.
{%- set key = ['entity_id', 'book', 'period', 'contract_id', 'line_id', 'role'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__opening_balances') }}
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
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

roles as (
    select * from {{ ref('account_roles') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        entities.entity_id is not null as has_entity,
        contracts.contract_id is not null as has_contract,
        lines.line_id is not null as has_line,
        roles.role is not null as has_role,
        contracts.currency,
        currencies.minor_units,
        {{ to_minor('delivered.recognized_to_date', 'currencies.minor_units') }} as recognized_to_date_minor,
        {{ to_minor('delivered.billed_to_date', 'currencies.minor_units') }} as billed_to_date_minor,
        {{ to_minor('delivered.balance', 'currencies.minor_units') }} as balance_minor,
        {{ recorded_or_start_of('contracts.recorded_at') }} as recorded_at,
        {{ latest_of(['entities.known_at', 'contracts.known_at', 'lines.known_at']) }} as referred_known_at
    from delivered
    left join entities
        on delivered.entity_id = entities.entity_id
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join lines
        on
            delivered.contract_id = lines.contract_id
            and delivered.line_id = lines.line_id
    left join roles
        on delivered.role = roles.role
    left join currencies
        on contracts.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            when not has_contract then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and not has_line then {{ no_such_line() }}
            when role is not null and not has_role then {{ no_such_role() }}
            {{ amount_problems('recognized_to_date') }}
            {{ amount_problems('billed_to_date') }}
            {{ amount_problems('balance') }}
            {{ repetition_problems(key, 'line_id', 'this balance') }}
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
