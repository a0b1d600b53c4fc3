-- One row per posting of an event that settles, credits, voids or writes off an invoice; a credit left over becomes the customer's balance.
with moved as (
    select * from {{ ref('int_ledger__settlements') }}
),

roles as (
    select
        moved.*,
        'accounts_receivable' as role,
        case when entry_type = 'invoice' then 0 else receivable_minor end + excess_change_minor as amount_minor
    from moved
    union all
    select moved.*, settled_role as role, -(receivable_minor + net_minor + tax_minor + owed_minor) as amount_minor
    from moved
    where settled_role is not null
    union all
    select moved.*, 'deferred_revenue' as role, net_minor as amount_minor
    from moved
    where entry_type not in ('credit_note', 'void')
    union all
    select moved.*, 'tax_payable' as role, tax_minor as amount_minor
    from moved
    union all
    -- What a void takes back besides price and tax was collected for others.
    select moved.*, 'pass_through_payable' as role, -(receivable_minor + net_minor + tax_minor + owed_minor) as amount_minor
    from moved
    where entry_type = 'void'
    union all
    select moved.*, 'customer_balance' as role, owed_minor - (excess_change_minor - recovered_change_minor) as amount_minor
    from moved
    union all
    select moved.*, 'bad_debt' as role, -recovered_change_minor as amount_minor
    from moved
),

-- What an event bills itself is no money of it.
billed as (
    select
        contract_key,
        invoice_id,
        entry_type,
        source_id,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as billed_minor
    from {{ ref('billed_parts') }}
    where entry_type <> 'invoice'
    group by contract_key, invoice_id, entry_type, source_id
),

postings as (
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        entry_type,
        source_type,
        source_id,
        occurred_on,
        role,
        amount_minor
    from roles
    where amount_minor <> 0
    union all
    select
        moved.contract_key,
        given_back.line_key,
        moved.entry_type,
        moved.source_type,
        moved.source_id,
        moved.occurred_on,
        given_back.role,
        given_back.amount_minor
    from moved
    inner join {{ ref('int_ledger__given_back') }} as given_back
        on
            moved.contract_key = given_back.contract_key
            and moved.entry_type = given_back.entry_type
            and moved.source_id = given_back.source_id
            and not moved.is_beside
    union all
    select
        moved.contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        moved.entry_type,
        moved.source_type,
        moved.source_id,
        moved.occurred_on,
        case when moved.entry_type = 'void' then 'pass_through_payable' else moved.settled_role end as role,
        billed.billed_minor as amount_minor
    from moved
    inner join billed
        on
            moved.contract_key = billed.contract_key
            and moved.invoice_id = billed.invoice_id
            and moved.entry_type = billed.entry_type
            and moved.source_id = billed.source_id
            and not moved.is_beside
    where moved.entry_type = 'void' or moved.settled_role is not null
)

select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    occurred_on as entry_on,
    entry_type as cause,
    role,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from postings
group by contract_key, line_key, entry_type, source_type, source_id, occurred_on, role
having sum(amount_minor) <> 0
