-- One row per posting of an opening balance but its revenue: what was billed, what is still open of it, and the rest, which another system kept.
with contracts as (
    select openings.*
    from {{ ref('opening_contracts') }} as openings
    inner join {{ ref('changed_contracts') }} as changed
        on openings.contract_key = changed.contract_key
),

roles as (
    select * from {{ ref('account_roles') }}
),

-- Balances that documents of the time before still leave stand as they say; cash, and what was income or expense then, is not ours.
-- Of contract liability the accepted figures say what was billed and recognised; what is owed back of it is a balance like the others.
left_open as (
    select
        replaced.contract_key,
        case when replaced.source_type = 'contract_cost' then 'contract_cost' else 'opening_balance' end as source_type,
        case when replaced.source_type = 'contract_cost' then replaced.source_id else replaced.contract_id end as source_id,
        replaced.opened_on,
        replaced.role,
        cast(sum(replaced.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('int_ledger__replaced') }} as replaced
    inner join roles
        on replaced.role = roles.role
    where
        roles.statement = 'balance_sheet'
        and replaced.role not in ('cash', 'external_asset')
        and (replaced.role <> 'deferred_revenue' or replaced.source_type in ('price_component', 'contract_line'))
    group by
        replaced.contract_key, case when replaced.source_type = 'contract_cost' then 'contract_cost' else 'opening_balance' end,
        case when replaced.source_type = 'contract_cost' then replaced.source_id else replaced.contract_id end, replaced.opened_on, replaced.role
    having sum(replaced.amount_minor) <> 0
),

-- Where no open invoice was loaded the receivable is the one that was accepted.
accepted_receivables as (
    select
        contracts.contract_key,
        contracts.contract_id,
        contracts.opened_on,
        accepted.balance_minor
    from contracts
    inner join {{ ref('accepted_balances') }} as accepted
        on
            contracts.contract_key = accepted.contract_key
            and accepted.role = 'accounts_receivable'
    left join left_open
        on
            contracts.contract_key = left_open.contract_key
            and left_open.role = 'accounts_receivable'
    where left_open.contract_key is null and accepted.balance_minor <> 0
),

known as (
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        source_type,
        source_id,
        opened_on,
        role,
        amount_minor
    from left_open
    union all
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        'opening_balance' as source_type,
        contract_id as source_id,
        opened_on,
        'accounts_receivable' as role,
        balance_minor as amount_minor
    from accepted_receivables
    union all
    select
        contracts.contract_key,
        lines.line_key,
        'opening_balance' as source_type,
        contracts.contract_id as source_id,
        contracts.opened_on,
        'deferred_revenue' as role,
        -lines.billed_minor as amount_minor
    from {{ ref('opening_lines') }} as lines
    inner join contracts
        on lines.contract_key = contracts.contract_key
    where lines.billed_minor <> 0
),

balanced as (
    select * from known
    union all
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        source_type,
        source_id,
        opened_on,
        'external_asset' as role,
        cast(-sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from known
    group by contract_key, source_type, source_id, opened_on
    having sum(amount_minor) <> 0
)

select
    contract_key,
    line_key,
    'opening_balance' as entry_type,
    source_type,
    source_id,
    opened_on as entry_on,
    'opening_balance' as cause,
    role,
    amount_minor
from balanced
