-- One row per credit note line and bill of a contract with a history.
with contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

priced_by_use as (
    select line_key
    from {{ ref('contract_terms') }}
    where recognition_method in ('usage', 'as_invoiced', 'on_invoice')
)

select
    contracts.group_key,
    contracts.book,
    notes.credit_note_line_id,
    notes.invoice_line_id,
    notes.issued_on as occurred_on,
    notes.reason,
    notes.settled_by,
    case when billings.booked_on > notes.issued_on then billings.booked_on end as right_on,
    billings.line_key,
    priced_by_use.line_key is not null as is_priced_by_use,
    notes.amount_minor
from {{ ref('credited_lines') }} as notes
inner join {{ ref('billings') }} as billings
    on
        notes.invoice_id = billings.invoice_id
        and notes.invoice_line_id = billings.invoice_line_id
inner join contracts
    on billings.contract_key = contracts.contract_key
left join priced_by_use
    on billings.line_key = priced_by_use.line_key
