-- One row per delivered line of a manual journal, with its fate in status.
with delivered as (
    select
        journal_id,
        line_no,
        entity_id,
        book,
        posted_on,
        role,
        debit,
        credit,
        currency,
        contract_id,
        line_id,
        memo,
        prepared_by,
        'file_drop' as source_system,
        recorded_at as given_recorded_at,
        'file_drop' as loaded_from,
        file_name,
        file_line,
        content_hash
    from {{ ref('stg_file_drop__manual_journals') }}
),

entities as (
    select
        entity_id,
        known_at
    from {{ ref('int_inputs__entities') }}
    where is_reference
),

roles as (
    select
        role
    from {{ ref('account_roles') }}
),

contracts as (
    select
        contract_id,
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
        entities.entity_id as found_entity,
        roles.role as found_role,
        contracts.contract_id as found_contract,
        lines.line_id as found_line,
        currencies.minor_units,
        {{ to_minor('delivered.debit', 'currencies.minor_units') }} as debit_minor,
        {{ to_minor('delivered.credit', 'currencies.minor_units') }} as credit_minor,
        coalesce(delivered.given_recorded_at, {{ start_of_day('delivered.posted_on') }}, {{ beginning() }}) as recorded_at,
        greatest(
            coalesce(entities.known_at, {{ beginning() }}),
            coalesce(contracts.known_at, {{ beginning() }}),
            coalesce(lines.known_at, {{ beginning() }})
        ) as referred_known_at
    from delivered
    left join entities
        on delivered.entity_id = entities.entity_id
    left join roles
        on delivered.role = roles.role
    left join contracts
        on delivered.contract_id = contracts.contract_id
    left join lines
        on
            delivered.contract_id = lines.contract_id
            and delivered.line_id = lines.line_id
    left join currencies
        on delivered.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when found_entity is null then {{ no_such('entity', 'entity_id') }}
            when found_role is null then {{ no_such('role', 'role') }}
            when contract_id is not null and found_contract is null then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and found_line is null then {{ no_such('line', 'line_id') }}
            when minor_units is null then {{ no_such_currency('currency') }}
            {{ amount_problems('debit') }}
            {{ amount_problems('credit') }}
            when (debit_minor is null) = (credit_minor is null)
                then {{ problem('debit', 'debit_minor', "'a line has either a debit or a credit'") }}
            {{ repetition_problems(['journal_id', 'line_no'], 'line_no', 'this journal line') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(['journal_id', 'line_no']) }} as row_rank,
        {{ accepted_at(['journal_id', 'line_no']) }} as accepted_at
    from checked
)

select
    journal_id,
    line_no,
    entity_id,
    book,
    posted_on,
    role,
    debit_minor,
    credit_minor,
    currency,
    contract_id,
    line_id,
    memo,
    prepared_by,
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
