{{ config(materialized='view') }}
-- One row per posting of an invoice line: receivable against contract liability, tax and amounts passed through (606-10-45-2).
-- The fold posts a bill of which an earlier event has booked a part, where it has the events; any other has the same lines whatever comes after it.
with billings as (
    select * from {{ ref('billings') }}
),

booked_before as (
    select distinct contract_key
    from {{ ref('invoice_only_events') }}
    where kind = 'issue' and event_no > 1
),

plain as (
    select billings.*
    from billings
    left join booked_before
        on billings.contract_key = booked_before.contract_key
    left join {{ ref('early_invoices') }} as early
        on
            billings.contract_key = early.contract_key
            and billings.invoice_id = early.invoice_id
    where booked_before.contract_key is null and early.contract_key is null and billings.booked_on is not null
),

in_parts as (
    select parts.*
    from {{ ref('billed_parts') }} as parts
    inner join {{ ref('changed_contracts') }} as changed
        on parts.contract_key = changed.contract_key
),

roles as (
    select contract_key, line_key, invoice_id, booked_on, 'accounts_receivable' as role, amount_minor + tax_minor + pass_through_minor as amount_minor
    from plain
    union all
    select contract_key, line_key, invoice_id, booked_on, 'deferred_revenue' as role, -amount_minor as amount_minor
    from plain
    union all
    select contract_key, line_key, invoice_id, booked_on, 'tax_payable' as role, -tax_minor as amount_minor
    from plain
    where tax_minor <> 0
    union all
    select contract_key, line_key, invoice_id, booked_on, 'pass_through_payable' as role, -pass_through_minor as amount_minor
    from plain
    where pass_through_minor <> 0
)

select
    contract_key,
    line_key,
    'invoice' as entry_type,
    'invoice' as source_type,
    invoice_id as source_id,
    booked_on as entry_on,
    'invoice' as cause,
    role,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from roles
group by contract_key, line_key, invoice_id, booked_on, role
union all
select contract_key, line_key, entry_type, source_type, source_id, occurred_on as entry_on, entry_type as cause, role, -amount_minor as amount_minor
from in_parts
union all
-- What another event bills is settled by it: its receivable is in int_ledger__receivables.
select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    occurred_on as entry_on,
    entry_type as cause,
    'accounts_receivable' as role,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from in_parts
where entry_type = 'invoice'
group by contract_key, line_key, entry_type, source_type, source_id, occurred_on
