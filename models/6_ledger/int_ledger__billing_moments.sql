-- One row per event that may bill of such an invoice, in order: a right that becomes unconditional, a payment, a credit, a void;
-- and what was then paid of it.
with invoices as (
    select invoices.*
    from {{ ref('int_ledger__invoice_contracts') }} as invoices
    inner join {{ ref('early_invoices') }} as early
        on
            invoices.contract_key = early.contract_key
            and invoices.invoice_id = early.invoice_id
),

rights as (
    select distinct
        invoices.contract_key,
        invoices.invoice_id,
        billings.booked_on
    from {{ ref('known_billings') }} as billings
    inner join invoices
        on
            billings.contract_key = invoices.contract_key
            and billings.invoice_id = invoices.invoice_id
),

notes as (
    select distinct
        credits.contract_key,
        credits.invoice_id,
        credits.credit_note_id,
        greatest(credits.issued_on, invoices.signed_on) as occurred_on
    from {{ ref('int_ledger__credits') }} as credits
    inner join invoices
        on
            credits.contract_key = invoices.contract_key
            and credits.invoice_id = invoices.invoice_id
    where credits.settled_by = 'receivable'
),

moments as (
    select
        contract_key,
        invoice_id,
        booked_on as occurred_on,
        1 as precedence,
        'invoice' as entry_type,
        'invoice' as source_type,
        invoice_id as source_id,
        0 as paid_minor
    from rights
    union all
    select
        invoices.contract_key,
        invoices.invoice_id,
        receipts.applied_on as occurred_on,
        2 as precedence,
        case when receipts.is_early then 'deposit_applied' else receipts.kind end as entry_type,
        'payment' as source_type,
        receipts.payment_id as source_id,
        case when receipts.kind = 'dispute' then -receipts.amount_minor else receipts.amount_minor end as paid_minor
    from {{ ref('int_ledger__receipts') }} as receipts
    inner join invoices
        on
            receipts.contract_key = invoices.contract_key
            and receipts.invoice_id = invoices.invoice_id
    where receipts.kind in ('payment', 'deposit', 'balance_applied', 'dispute', 'dispute_won')
    union all
    select
        contract_key,
        invoice_id,
        occurred_on,
        3 as precedence,
        'credit_note' as entry_type,
        'credit_note' as source_type,
        credit_note_id as source_id,
        0 as paid_minor
    from notes
    union all
    select
        invoices.contract_key,
        invoices.invoice_id,
        greatest(events.occurred_on, invoices.signed_on) as occurred_on,
        4 as precedence,
        'void' as entry_type,
        'invoice_event' as source_type,
        events.event_id as source_id,
        0 as paid_minor
    from {{ ref('input_invoice_events') }} as events
    inner join invoices
        on events.invoice_id = invoices.invoice_id
    where events.kind = 'void'
)

{% set so_far = 'over (partition by contract_key, invoice_id order by occurred_on, precedence, source_id rows between unbounded preceding and current row)' -%}
select
    moments.*,
    cast(row_number() over (partition by contract_key, invoice_id order by occurred_on, precedence, source_id) as {{ dbt.type_bigint() }}) as moment_no,
    cast(sum(paid_minor) {{ so_far }} as {{ dbt.type_bigint() }}) as paid_so_far_minor,
    max(case when precedence = 4 then 1 else 0 end) {{ so_far }} as is_voided
from moments
