-- One row per credit note line, invoice line it credits and contract: what it credits of the contract.
-- A credit belongs to the contract of the line it names; one that names none is spread by what each was billed net of the credits before it.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced
),

billings as (
    select billings.*
    from {{ ref('known_billings') }} as billings
    inner join invoices
        on
            billings.contract_key = invoices.contract_key
            and billings.invoice_id = invoices.invoice_id
),

notes as (
    select * from {{ ref('credited_lines') }}
),

placed as (
    select
        notes.*,
        invoices.contract_key,
        invoices.book,
        invoices.contract_no,
        invoices.billed_net_minor,
        invoices.billed_tax_minor,
        billings.line_key,
        billings.invoice_line_id is not null as is_of_line,
        coalesce(billings.kind = 'pass_through', false) as is_passed_through
    from notes
    inner join invoices
        on notes.invoice_id = invoices.invoice_id
    left join billings
        on
            invoices.contract_key = billings.contract_key
            and notes.invoice_id = billings.invoice_id
            and notes.invoice_line_id = billings.invoice_line_id
),

-- The weights of a contract: its price and its tax on the invoice, less what notes before credit of its lines.
weighed as (
    select
        placed.*,
        {% for billed, credited in [('billed_net_minor', 'amount_minor'), ('billed_tax_minor', 'tax_minor')] -%}
            greatest({{ billed }} - coalesce(sum(case when is_of_line and not is_passed_through then {{ credited }} else 0 end) over (
                partition by contract_key, invoice_id order by issued_on, credit_note_id, credit_note_line_id
                rows between unbounded preceding and 1 preceding
            ), 0), 0) as {{ credited }}_weight{{ ',' if not loop.last }}
        {% endfor %}
    from placed
),

{{ spread_credits('contract_key, invoice_id', 'contract_no', 'credit_note_id, credit_note_line_id, book') }}

select
    credit_note_id, credit_note_line_id, invoice_line_id, invoice_id, contract_key, line_key, is_passed_through, issued_on, settled_by,
    amount_minor, tax_minor
from placed
where is_of_line
union all
select
    credit_note_id,
    credit_note_line_id,
    invoice_line_id,
    invoice_id,
    contract_key,
    line_key,
    is_passed_through,
    issued_on,
    settled_by,
    amount_minor_part as amount_minor,
    tax_minor_part as tax_minor
from parts
