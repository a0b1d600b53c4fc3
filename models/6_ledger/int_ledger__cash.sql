{{ config(materialized='view') }}
-- One row per posting of cash that settles no receivable: advances and deposits, fees, granted and refunded balances.
with lines as (
    select
        contract_key,
        line_id,
        line_key
    from {{ ref('contract_terms') }}
),

receipts as (
    select * from {{ ref('int_ledger__receipts') }}
    where
        payment_id not in (select payment_id from {{ ref('balances_of_invoices') }})
        and contract_key in (select contract_key from {{ ref('changed_contracts') }})
        and (
            kind in ('fee', 'balance_granted', 'balance_refunded')
            or (invoice_id is null and kind <> 'balance_applied')
            or (invoice_id is not null and is_early)
        )
),

attached as (
    select
        receipts.contract_key,
        lines.line_key,
        receipts.payment_id,
        receipts.kind,
        receipts.method,
        receipts.occurred_on,
        receipts.amount_minor,
        case
            when receipts.kind = 'fee' then 'fees'
            when receipts.kind in ('balance_granted', 'balance_refunded') then 'customer_balance'
            -- There is no contract yet (606-10-25-7), or never a price.
            when receipts.is_early or receipts.kind = 'deposit' then 'customer_deposit'
            -- Cash received before there is a right to it is a contract liability (606-10-45-2).
            else 'deferred_revenue'
        end as role
    from receipts
    left join lines
        on
            receipts.contract_key = lines.contract_key
            and receipts.line_id = lines.line_id
            and receipts.invoice_id is null
),

unattached as (
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        payment_id,
        kind,
        method,
        occurred_on,
        amount_minor,
        case
            when kind = 'fee' then 'fees'
            when kind = 'deposit' then 'customer_deposit'
            when kind = 'dispute' then 'other_loss'
            when kind = 'dispute_won' then 'recoveries'
            else 'customer_balance'
        end as role
    from {{ ref('unattached_payments') }}
),

combined as (
    select * from attached
    union all
    select * from unattached
),

signed as (
    select
        combined.*,
        case
            when kind = 'balance_granted' then 'other_loss'
            when kind = 'balance_applied' then 'customer_balance'
            when method = 'outside' then 'external_asset'
            else 'cash'
        end as money_role,
        case when kind in ('payment', 'deposit', 'dispute_won', 'balance_granted', 'balance_applied') then amount_minor else -amount_minor end as money_minor
    from combined
)

select
    contract_key,
    line_key,
    kind as entry_type,
    'payment' as source_type,
    payment_id as source_id,
    occurred_on as entry_on,
    kind as cause,
    money_role as role,
    money_minor as amount_minor
from signed
union all
select
    contract_key,
    line_key,
    kind as entry_type,
    'payment' as source_type,
    payment_id as source_id,
    occurred_on as entry_on,
    kind as cause,
    role,
    -money_minor as amount_minor
from signed
