{{ config(materialized='view') }}
-- One row per posting of a deposit that its contract, once signed, turns into contract liability (606-10-25-8; invoices settle themselves).
with receipts as (
    select * from {{ ref('int_ledger__receipts') }}
    where is_early and invoice_id is null and kind <> 'balance_applied' and applied_on is not null
),

lines as (
    select
        contract_key,
        line_id,
        line_key
    from {{ ref('contract_terms') }}
),

sides as (
    select 'customer_deposit' as role, 1 as direction
    union all
    select 'deferred_revenue' as role, -1 as direction
)

select
    receipts.contract_key,
    lines.line_key,
    'deposit_applied' as entry_type,
    'payment' as source_type,
    receipts.payment_id as source_id,
    receipts.applied_on as entry_on,
    'deposit_applied' as cause,
    sides.role,
    case when receipts.kind in ('payment', 'deposit', 'dispute_won') then 1 else -1 end * sides.direction * receipts.amount_minor as amount_minor
from receipts
left join lines
    on
        receipts.contract_key = lines.contract_key
        and receipts.line_id = lines.line_id
cross join sides
