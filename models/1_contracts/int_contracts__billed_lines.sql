-- One row per invoice line and book: the contract it bills. A line that names no contract is a promise of its own invoice.
with invoices as (
    select * from {{ ref('input_invoices') }}
),

lines as (
    select * from {{ ref('input_invoice_lines') }}
),

books as (
    select
        entity_id,
        book
    from {{ ref('entity_books') }}
),

resolved as (
    select
        lines.invoice_id,
        lines.invoice_line_id,
        lines.line_id,
        lines.product_id,
        lines.kind,
        lines.quantity,
        lines.amount_minor,
        lines.tax_amount_minor,
        lines.starts_on,
        lines.ends_on,
        books.book,
        invoices.customer_id,
        invoices.entity_id,
        invoices.currency,
        invoices.issued_on,
        invoices.due_on,
        coalesce(lines.contract_id, invoices.contract_id) is null as is_invoice_only,
        coalesce(lines.contract_id, invoices.contract_id, invoices.invoice_id) as billed_contract_id,
        greatest(lines.recorded_at, invoices.recorded_at) as known_at
    from lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
    inner join books
        on invoices.entity_id = books.entity_id
)

select
    {{ text_key(["case when is_invoice_only then 'invoice' else 'contract' end", 'billed_contract_id', 'book']) }} as contract_key,
    resolved.*
from resolved
