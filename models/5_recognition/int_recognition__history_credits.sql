-- One row per credit note line of a bill of a contract with a history, and book; one that names no line is the first contract's.
with contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

priced_by_use as (
    select line_key
    from {{ ref('contract_terms') }}
    where recognition_method in ('usage', 'as_invoiced', 'on_invoice')
),

billings as (
    select
        contracts.group_key,
        contracts.book,
        billings.*
    from {{ ref('billings') }} as billings
    inner join contracts
        on billings.contract_key = contracts.contract_key
    left join priced_by_use
        on billings.line_key = priced_by_use.line_key
    where priced_by_use.line_key is null
),

first_groups as (
    select
        invoice_id,
        book,
        min(group_key) as group_key
    from billings
    group by invoice_id, book
)

select
    coalesce(billings.group_key, first_groups.group_key) as group_key,
    first_groups.book,
    lines.credit_note_line_id,
    notes.issued_on as occurred_on,
    notes.reason,
    billings.line_key,
    lines.amount_minor
from {{ ref('input_credit_notes') }} as notes
inner join {{ ref('input_credit_note_lines') }} as lines
    on notes.credit_note_id = lines.credit_note_id
inner join first_groups
    on notes.invoice_id = first_groups.invoice_id
left join billings
    on
        notes.invoice_id = billings.invoice_id
        and lines.invoice_line_id = billings.invoice_line_id
        and first_groups.book = billings.book
where notes.voided_on is null
