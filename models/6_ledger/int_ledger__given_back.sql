{{ config(materialized='view') }}
-- One row per credit note or void of a contract's invoice, contract line and role: the billing it takes back, which was collected for
-- others where the line passes it through.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced
),

billed as (
    select
        invoices.contract_key,
        billings.invoice_id,
        billings.line_key,
        billings.amount_minor
    from {{ ref('known_billings') }} as billings
    inner join invoices
        on
            billings.invoice_id = invoices.invoice_id
            and billings.contract_key = invoices.contract_key
),

credited as (
    select
        contract_key,
        credit_note_id,
        invoice_id,
        line_key,
        is_passed_through,
        amount_minor
    from {{ ref('int_ledger__credits') }}
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
    where not is_passed_through
),

taken_back as (
    select
        contract_key,
        line_key,
        'credit_note' as entry_type,
        credit_note_id as source_id,
        case when is_passed_through then 'pass_through_payable' else 'deferred_revenue' end as role,
        amount_minor
    from credited
    union all
    select
        left_to_void.contract_key,
        left_to_void.line_key,
        'void' as entry_type,
        events.event_id as source_id,
        'deferred_revenue' as role,
        left_to_void.amount_minor
    from left_to_void
    inner join {{ ref('input_invoice_events') }} as events
        on left_to_void.invoice_id = events.invoice_id
    where events.kind = 'void'
    union all
    -- What refunds gave back before it.
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        'void' as entry_type,
        event_id as source_id,
        'deferred_revenue' as role,
        tax_minor - given_minor as amount_minor
    from {{ ref('int_ledger__given_before_voids') }}
)

select
    contract_key,
    line_key,
    entry_type,
    source_id,
    role,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from taken_back
group by contract_key, line_key, entry_type, source_id, role
