-- One row per credit note that reached no entry, though its invoice is accounted for or it names none.
with notes as (
    select * from {{ ref('input_credit_notes') }}
    where voided_on is null and issued_on <= cast('{{ through_last_day() }}' as date)
),

posted as (
    select distinct source_id
    from {{ ref('ledger_postings') }}
    where source_type = 'credit_note'
    union distinct
    -- Before the right to payment a note may lower what falls due, and nothing else.
    select distinct source_id
    from {{ ref('billed_parts') }}
    where entry_type = 'credit_note'
    union distinct
    select distinct source_id
    from {{ ref('opening_documents') }}
    where source_type = 'credit_note'
),

unaccounted_invoices as (
    select distinct lines.invoice_id
    from {{ ref('input_invoice_lines') }} as lines
    inner join {{ ref('input_invoices') }} as invoices
        on lines.invoice_id = invoices.invoice_id
    inner join {{ ref('contracts_not_accounted') }} as unaccounted
        on coalesce(lines.contract_id, invoices.contract_id, invoices.invoice_id) = unaccounted.contract_id
    union distinct
    -- Before its contract is signed an invoice is a memo, and so is its credit.
    select distinct invoice_id
    from {{ ref('known_billings') }}
    where booked_on is null
),

customers as (
    select * from {{ ref('input_customers') }}
)

select
    customers.entity_id,
    cast(null as {{ dbt.type_string() }}) as book,
    'credit_note_is_posted' as rule,
    'block' as severity,
    notes.issued_on as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    notes.credit_note_id as source_id,
    'an entry' as expected,
    'no entry' as actual,
    concat(
        'Credit note ', notes.credit_note_id, ' reached no entry: ',
        case when notes.invoice_id is null then 'neither it nor its lines name one invoice' else 'it has no accepted lines, or its invoice has none' end, '.'
    ) as explanation,
    notes.recorded_at as first_seen_at
from notes
inner join customers
    on notes.customer_id = customers.customer_id
left join posted
    on notes.credit_note_id = posted.source_id
left join unaccounted_invoices
    on notes.invoice_id = unaccounted_invoices.invoice_id
where posted.source_id is null and unaccounted_invoices.invoice_id is null
