{{ config(materialized='view') }}
-- One row per movement of cash or balance of a contract: what comes before the contract exists is a deposit until it is signed (606-10-25-7),
-- and a deposit that names an invoice is one until that is booked.
with contracts as (
    select * from {{ ref('known_contracts') }}
),

payments as (
    select * from {{ ref('input_payments') }}
    where kind <> 'payout' and invoice_id is null
),

-- Two joins that each have one key: one with a choice of keys would compare every payment with every contract.
attached as (
    select
        placed.contract_key,
        placed.payment_id,
        placed.kind,
        placed.invoice_id,
        placed.line_id,
        placed.credit_note_id,
        placed.method,
        placed.occurred_on,
        parts.amount_minor,
        placed.is_sequenced,
        placed.booked_on
    from {{ ref('int_ledger__placed_payments') }} as placed
    inner join {{ ref('int_ledger__payment_parts') }} as parts
        on
            placed.contract_key = parts.contract_key
            and placed.payment_id = parts.payment_id
    union all
    select
        contracts.contract_key,
        payments.payment_id,
        payments.kind,
        payments.invoice_id,
        payments.line_id,
        payments.credit_note_id,
        payments.method,
        payments.occurred_on,
        payments.amount_minor,
        false as is_sequenced,
        cast(null as date) as booked_on
    from payments
    inner join {{ ref('contracts') }} as contracts
        on payments.contract_id = contracts.contract_id
    where not contracts.is_invoice_only
),

dated as (
    select
        attached.*,
        case when attached.kind = 'deposit' and attached.invoice_id is not null then attached.booked_on else contracts.signed_on end as settles_on,
        case
            when attached.kind = 'deposit' and attached.invoice_id is not null then true
            else not contracts.is_invoice_only and attached.kind not in ('fee', 'balance_granted', 'balance_refunded')
        end as may_be_early
    from attached
    inner join contracts
        on attached.contract_key = contracts.contract_key
),

placed as (
    select
        dated.*,
        may_be_early and coalesce(occurred_on < settles_on, true) as is_early
    from dated
)

select
    contract_key,
    payment_id,
    kind,
    invoice_id,
    line_id,
    credit_note_id,
    method,
    occurred_on,
    amount_minor,
    is_sequenced,
    is_early,
    case when is_early then settles_on else occurred_on end as applied_on
from placed
