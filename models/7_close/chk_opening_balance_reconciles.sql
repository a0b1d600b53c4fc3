-- One row per contract and account role whose balance at the end of the period before the first of its own is not the accepted one, to the cent.
with openings as (
    select * from {{ ref('opening_contracts') }}
    where opened_on <= cast('{{ through_last_day() }}' as date)
),

accepted as (
    select
        balances.contract_key,
        balances.role,
        balances.balance_minor,
        case when roles.natural_side = 'debit' then 1 else -1 end as direction
    from {{ ref('accepted_balances') }} as balances
    inner join {{ ref('account_roles') }} as roles
        on balances.role = roles.role
),

stated as (
    select
        postings.contract_key,
        postings.role,
        sum(postings.amount_minor) as amount_minor
    from {{ ref('ledger_postings') }} as postings
    inner join openings
        on
            postings.contract_key = openings.contract_key
            and postings.period_no < openings.period_no
    group by postings.contract_key, postings.role
),

shown as (
    select
        contracts.*,
        accepted.role,
        openings.opened_on,
        concat(cast({{ to_major('accepted.balance_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' ', contracts.currency)
            as accepted_amount,
        concat(
            cast({{ to_major('coalesce(stated.amount_minor, 0) * accepted.direction', 'contracts.minor_units') }} as {{ dbt.type_string() }}), ' ',
            contracts.currency
        ) as stated_amount
    from accepted
    inner join openings
        on accepted.contract_key = openings.contract_key
    inner join {{ ref('contracts') }} as contracts
        on accepted.contract_key = contracts.contract_key
    left join stated
        on
            accepted.contract_key = stated.contract_key
            and accepted.role = stated.role
    where coalesce(stated.amount_minor, 0) * accepted.direction <> accepted.balance_minor
)

select
    entity_id,
    book,
    'opening_balance_reconciles' as rule,
    'block' as severity,
    opened_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', role) as source_id,
    accepted_amount as expected,
    stated_amount as actual,
    concat(
        'The opening balance of contract ', contract_id, ' accepts ', accepted_amount, ' of ', replace(role, '_', ' '), ' at the end of ',
        cast(opened_on as {{ dbt.type_string() }}), '; its billed and recognised amounts, terms and documents give ', stated_amount,
        ': correct one of them, or load the documents that are missing.'
    ) as explanation,
    recorded_at as first_seen_at
from shown
