{{ config(materialized='view') }}
-- One row per posting of cash that settles no receivable: advances and deposits, fees, granted and refunded balances.
with contracts as (
    select
        contract_key,
        contract_id,
        book
    from {{ ref('contracts') }}
),

lines as (
    select
        contract_key,
        line_id,
        line_key
    from {{ ref('contract_terms') }}
),

invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
),

payments as (
    select * from {{ ref('input_payments') }}
),

attached as (
    select
        coalesce(invoices.contract_key, contracts.contract_key) as contract_key,
        lines.line_key,
        payments.payment_id,
        payments.kind,
        payments.method,
        payments.occurred_on,
        payments.amount_minor,
        case
            when payments.kind = 'fee' then 'fees'
            when payments.kind in ('balance_granted', 'balance_refunded') then 'customer_balance'
            when payments.kind = 'deposit' then 'customer_deposit'
            -- Cash received before there is a right to it is a contract liability (606-10-45-2).
            else 'deferred_revenue'
        end as role
    from payments
    left join invoices
        on payments.invoice_id = invoices.invoice_id
    left join contracts
        on
            payments.contract_id = contracts.contract_id
            and payments.invoice_id is null
    left join lines
        on
            contracts.contract_key = lines.contract_key
            and payments.line_id = lines.line_id
    where
        (payments.kind in ('fee', 'balance_granted', 'balance_refunded') or payments.invoice_id is null)
        and payments.kind not in ('payout', 'balance_applied')
        and coalesce(invoices.contract_key, contracts.contract_key) is not null
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
            when method = 'outside' then 'external_asset'
            else 'cash'
        end as money_role,
        case when kind in ('payment', 'deposit', 'dispute_won', 'balance_granted') then amount_minor else -amount_minor end as money_minor
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
