-- One row per credit note line of a bill of a contract with a history, and book; one that names no line is the first contract's.
-- Of a bill for nothing but use it is the line's that the bill names.
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
        priced_by_use.line_key is not null as is_priced_by_use,
        billings.*
    from {{ ref('billings') }} as billings
    inner join contracts
        on billings.contract_key = contracts.contract_key
    left join priced_by_use
        on billings.line_key = priced_by_use.line_key
),

first_groups as (
    select
        invoice_id,
        book,
        min(group_key) as group_key,
        max(booked_on) as booked_on,
        case when count(*) = sum(case when is_priced_by_use then 1 else 0 end) then min(line_key) end as used_line_key
    from billings
    group by invoice_id, book
)

select
    coalesce(billings.group_key, first_groups.group_key) as group_key,
    first_groups.book,
    notes.credit_note_line_id,
    notes.invoice_line_id,
    notes.issued_on as occurred_on,
    notes.reason,
    notes.settled_by,
    case when coalesce(billings.booked_on, first_groups.booked_on) > notes.issued_on then coalesce(billings.booked_on, first_groups.booked_on) end as right_on,
    coalesce(billings.line_key, first_groups.used_line_key) as line_key,
    coalesce(billings.is_priced_by_use, first_groups.used_line_key is not null) as is_priced_by_use,
    notes.amount_minor
from {{ ref('credited_lines') }} as notes
inner join first_groups
    on notes.invoice_id = first_groups.invoice_id
left join billings
    on
        notes.invoice_id = billings.invoice_id
        and notes.invoice_line_id = billings.invoice_line_id
        and first_groups.book = billings.book
