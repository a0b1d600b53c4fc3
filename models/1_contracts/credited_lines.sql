-- One row per credit note line and invoice line it credits. One that names none of an invoice whose bills are themselves revenue (55-18) is
-- spread by what each line bills, less what was credited of it before: price by price, tax by tax. Of any other invoice it names none.
with notes as (
    select
        notes.credit_note_id,
        notes.invoice_id,
        notes.issued_on,
        notes.reason,
        notes.settled_by,
        lines.credit_note_line_id,
        lines.invoice_line_id,
        greatest(notes.recorded_at, lines.recorded_at) as known_at,
        lines.amount_minor,
        coalesce(lines.tax_amount_minor, 0) as tax_minor
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    where notes.voided_on is null
),

unnamed as (
    select distinct invoice_id
    from notes
    where invoice_line_id is null
),

invoices as (
    select distinct billings.invoice_id
    from {{ ref('known_billings') }} as billings
    inner join unnamed
        on billings.invoice_id = unnamed.invoice_id
    inner join {{ ref('known_contracts') }} as contracts
        on billings.contract_key = contracts.contract_key
    inner join {{ ref('known_contract_terms') }} as terms
        on billings.line_key = terms.line_key
    where not contracts.is_invoice_only and (terms.recognition_method in ('as_invoiced', 'on_invoice') or billings.kind = 'minimum_fee')
),

billed as (
    select
        lines.invoice_id,
        lines.invoice_line_id,
        row_number() over (partition by lines.invoice_id order by lines.invoice_line_id) as line_no,
        case when lines.kind in ('tax', 'pass_through') then 0 else lines.amount_minor end as billed_net_minor,
        coalesce(lines.tax_amount_minor, 0) + case when lines.kind = 'tax' then lines.amount_minor else 0 end as billed_tax_minor
    from {{ ref('input_invoice_lines') }} as lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
),

-- On one day what names its line comes first.
{% set before = 'partition by billed.invoice_line_id order by notes.issued_on, case when notes.invoice_line_id is null then 1 else 0 end,
                notes.credit_note_id, notes.credit_note_line_id' -%}
weighed as (
    select
        notes.*,
        billed.invoice_line_id as billed_line_id,
        billed.line_no,
        {% for billed, credited in [('billed_net_minor', 'amount_minor'), ('billed_tax_minor', 'tax_minor')] -%}
            greatest({{ billed }} - coalesce(sum(case when notes.invoice_line_id = billed.invoice_line_id then notes.{{ credited }} else 0 end) over (
                {{ before }} rows between unbounded preceding and 1 preceding
            ), 0), 0) as {{ credited }}_weight{{ ',' if not loop.last }}
        {% endfor %}
    from notes
    inner join billed
        on notes.invoice_id = billed.invoice_id
),

{{ spread_credits('billed_line_id', 'line_no', 'credit_note_line_id') }}

select notes.*
from notes
left join invoices
    on notes.invoice_id = invoices.invoice_id
where notes.invoice_line_id is not null or invoices.invoice_id is null
union all
select
    credit_note_id,
    invoice_id,
    issued_on,
    reason,
    settled_by,
    credit_note_line_id,
    billed_line_id as invoice_line_id,
    known_at,
    amount_minor_part as amount_minor,
    tax_minor_part as tax_minor
from parts
where amount_minor_part <> 0 or tax_minor_part <> 0
