-- One row per event on an invoice and contract it bills, whose order the fold does not need: what it does to a receivable that stands.
-- The days on which an invoice is billed in parts are in billed_parts.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced and booked_on is not null
),

payments as (
    select * from {{ ref('int_ledger__receipts') }}
    where kind in ('payment', 'deposit', 'balance_applied', 'refund', 'dispute', 'dispute_won') and applied_on is not null
),

credit_notes as (
    select
        contract_key,
        credit_note_id,
        invoice_id,
        issued_on,
        settled_by,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as net_minor,
        cast(sum(tax_minor) as {{ dbt.type_bigint() }}) as tax_minor
    from {{ ref('int_ledger__credits') }}
    group by contract_key, credit_note_id, invoice_id, issued_on, settled_by
)

-- net, tax and owed are what the event takes from contract liability, tax and customer balance; the rest moves through `settled_role`.
select
    invoices.contract_key,
    invoices.invoice_id,
    invoices.booked_on as occurred_on,
    1 as precedence,
    'invoice' as entry_type,
    'invoice' as source_type,
    invoices.invoice_id as source_id,
    invoices.gross_minor as receivable_minor,
    cast(null as {{ dbt.type_string() }}) as settled_role,
    0 as net_minor,
    0 as tax_minor,
    0 as owed_minor
from invoices
left join {{ ref('early_invoices') }} as early
    on
        invoices.contract_key = early.contract_key
        and invoices.invoice_id = early.invoice_id
where early.contract_key is null
union all
select
    invoices.contract_key,
    invoices.invoice_id,
    payments.applied_on as occurred_on,
    2 as precedence,
    case when payments.is_early then 'deposit_applied' else payments.kind end as entry_type,
    'payment' as source_type,
    payments.payment_id as source_id,
    case
        -- What is refunded before there is a contract undoes the payment.
        when payments.kind = 'refund' and payments.is_early and payments.credit_note_id is null then payments.amount_minor
        when payments.kind = 'refund' then 0
        when payments.kind = 'dispute' then payments.amount_minor
        else -payments.amount_minor
    end as receivable_minor,
    case
        when payments.is_early then 'customer_deposit'
        when payments.kind = 'balance_applied' then 'customer_balance'
        when payments.method = 'outside' then 'external_asset'
        else 'cash'
    end as settled_role,
    -- A refund that settles a credit note pays what the note left owing; of any other int_ledger__refund_parts says what it pays.
    case when payments.kind = 'refund' and payments.credit_note_id is null and not payments.is_early then payments.amount_minor else 0 end as net_minor,
    0 as tax_minor,
    case when payments.kind = 'refund' and payments.credit_note_id is not null then payments.amount_minor else 0 end as owed_minor
from payments
inner join invoices
    on
        payments.invoice_id = invoices.invoice_id
        and payments.contract_key = invoices.contract_key
union all
select
    invoices.contract_key,
    invoices.invoice_id,
    greatest(credit_notes.issued_on, invoices.signed_on) as occurred_on,
    3 as precedence,
    'credit_note' as entry_type,
    'credit_note' as source_type,
    credit_notes.credit_note_id as source_id,
    case when credit_notes.settled_by = 'receivable' then -(credit_notes.net_minor + credit_notes.tax_minor) else 0 end as receivable_minor,
    case credit_notes.settled_by when 'receivable' then null when 'outside' then 'external_asset' else 'customer_balance' end as settled_role,
    credit_notes.net_minor,
    credit_notes.tax_minor,
    0 as owed_minor
from credit_notes
inner join invoices
    on
        credit_notes.invoice_id = invoices.invoice_id
        and credit_notes.contract_key = invoices.contract_key
union all
select
    contract_key,
    invoice_id,
    occurred_on,
    4 as precedence,
    'void' as entry_type,
    'invoice_event' as source_type,
    event_id as source_id,
    -(gross_minor + kept_minor) as receivable_minor,
    cast(null as {{ dbt.type_string() }}) as settled_role,
    net_minor,
    tax_minor,
    kept_minor as owed_minor
from {{ ref('int_ledger__voids') }}
