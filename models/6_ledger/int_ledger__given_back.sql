{{ config(materialized='view') }}
-- One row per credit note or void of a contract's invoice and contract line: the billing it takes back.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced
),

-- The line is kept where it belongs to the contract that keeps the receivable.
billed as (
    select
        invoices.contract_key,
        billings.invoice_id,
        billings.invoice_line_id,
        case when billings.contract_key = invoices.contract_key then billings.line_key end as line_key,
        billings.amount_minor
    from {{ ref('billings') }} as billings
    inner join invoices
        on billings.invoice_id = invoices.invoice_id
    inner join {{ ref('contracts') }} as contracts
        on
            billings.contract_key = contracts.contract_key
            and invoices.book = contracts.book
),

credited as (
    select
        invoices.contract_key,
        notes.credit_note_id,
        notes.invoice_id,
        billed.line_key,
        lines.amount_minor
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    inner join invoices
        on notes.invoice_id = invoices.invoice_id
    left join billed
        on
            invoices.contract_key = billed.contract_key
            and lines.invoice_line_id = billed.invoice_line_id
    where notes.voided_on is null
),

left_to_void as (
    select
        contract_key,
        invoice_id,
        line_key,
        amount_minor
    from billed
    union all
    select
        contract_key,
        invoice_id,
        line_key,
        -amount_minor as amount_minor
    from credited
),

taken_back as (
    select
        contract_key,
        line_key,
        'credit_note' as entry_type,
        credit_note_id as source_id,
        amount_minor
    from credited
    union all
    select
        left_to_void.contract_key,
        left_to_void.line_key,
        'void' as entry_type,
        events.event_id as source_id,
        left_to_void.amount_minor
    from left_to_void
    inner join {{ ref('input_invoice_events') }} as events
        on left_to_void.invoice_id = events.invoice_id
    where events.kind = 'void'
)

select
    contract_key,
    line_key,
    entry_type,
    source_id,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from taken_back
group by contract_key, line_key, entry_type, source_id
