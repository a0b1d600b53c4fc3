-- One row per delivered line of a manual journal, with its fate in status.
{%- set key = ['journal_id', 'line_no'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__manual_journals') }}
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

roles as (
    select * from {{ ref('account_roles') }}
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
        entities.entity_id is not null as has_entity,
        roles.role is not null as has_role,
        contracts.contract_id is not null as has_contract,
        lines.line_id is not null as has_line,
        currencies.currency is not null as has_currency,
        currencies.minor_units,
        {{ to_minor('delivered.debit', 'currencies.minor_units') }} as debit_minor,
        {{ to_minor('delivered.credit', 'currencies.minor_units') }} as credit_minor,
        {{ recorded_or_start_of('delivered.posted_on') }} as recorded_at,
        {{ latest_of(['entities.known_at', 'contracts.known_at', 'lines.known_at']) }} as referred_known_at
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
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            when not has_role then {{ no_such_role() }}
            when contract_id is not null and not has_contract then {{ no_such('contract', 'contract_id') }}
            when line_id is not null and not has_line then {{ no_such_line() }}
            when not has_currency then {{ no_such_currency('currency') }}
            {{ amount_problems('debit') }}
            {{ amount_problems('credit') }}
            when (debit is null) = (credit is null)
                then {{ problem('debit', 'debit', "'a line has either a debit or a credit'") }}
            {{ repetition_problems(key, 'line_no', 'this journal line') }}
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
