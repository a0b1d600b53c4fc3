-- One row per delivered opening balance, with its fate in status.
with delivered as (
    select
        entity_id,
        book,
        period,
        contract_id,
        line_id,
        recognized_to_date,
        billed_to_date,
        progress_to_date,
        role,
        balance,
        source,
        accepted_by,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__opening_balances') }}
),

entities as (
    select
        entity_id,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

contracts as (
    select
        contract_id,
        currency,
        recorded_at,
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

roles as (
    select
        role
    from {{ ref('account_roles') }}
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
        entities.entity_id as found_entity,
        contracts.contract_id as found_contract,
        lines.line_id as found_line,
        roles.role as found_role,
        contracts.currency,
        currencies.minor_units,
        {{ to_minor('delivered.recognized_to_date', 'currencies.minor_units') }} as recognized_to_date_minor,
        {{ to_minor('delivered.billed_to_date', 'currencies.minor_units') }} as billed_to_date_minor,
        {{ to_minor('delivered.balance', 'currencies.minor_units') }} as balance_minor,
        coalesce(delivered.given_recorded_at, contracts.recorded_at, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(entities.known_at, {{ beginning() }}),
            coalesce(contracts.known_at, {{ beginning() }}),
            coalesce(lines.known_at, {{ beginning() }})
        ) as referred_known_at
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
            when found_entity is null then {{ no_such('entity', 'entity_id') }}
            when found_contract is null then {{ no_such('contract', 'contract_id') }}
            when found_line is null then {{ no_such('line', 'line_id') }}
            when role is not null and found_role is null then {{ no_such('role', 'role') }}
            {{ amount_problems('recognized_to_date') }}
            {{ amount_problems('billed_to_date') }}
            {{ amount_problems('balance') }}
            {{ repetition_problems(['entity_id', 'book', 'period', 'contract_id', 'line_id', 'role'], 'contract_id', 'this balance') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['entity_id', 'book', 'period', 'contract_id', 'line_id', 'role']) }} as row_rank,
        {{ accepted_at(['entity_id', 'book', 'period', 'contract_id', 'line_id', 'role']) }} as accepted_at
    from checked
)

select
    entity_id,
    book,
    period,
    contract_id,
    line_id,
    recognized_to_date_minor,
    billed_to_date_minor,
    progress_to_date,
    role,
    balance_minor,
    source,
    accepted_by,
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
