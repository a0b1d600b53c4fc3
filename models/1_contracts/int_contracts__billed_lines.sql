-- One row per invoice line and book: the contract it bills, and which of its lines. One that names no contract is a promise of its own invoice.
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

billed as (
    select
        lines.*,
        invoices.customer_id,
        invoices.entity_id,
        invoices.currency,
        invoices.issued_on,
        invoices.due_on,
        coalesce(lines.contract_id, invoices.contract_id) as agreed_id,
        greatest(lines.recorded_at, invoices.recorded_at) as known_at
    from lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
),

-- A bill that names a product and no line is for the only line its contract ever had with that product.
unnamed as (
    select distinct
        agreed_id,
        product_id
    from billed
    where line_id is null and product_id is not null and kind in ('charge', 'minimum_fee')
),

only_lines as (
    select
        unnamed.agreed_id,
        unnamed.product_id,
        max(promised.line_id) as line_id
    from unnamed
    inner join {{ ref('input_contract_lines') }} as promised
        on
            unnamed.agreed_id = promised.contract_id
            and unnamed.product_id = promised.product_id
    group by unnamed.agreed_id, unnamed.product_id
    having count(distinct promised.line_id) = 1
),

resolved as (
    select
        billed.invoice_id,
        billed.invoice_line_id,
        coalesce(billed.line_id, only_lines.line_id) as line_id,
        billed.product_id,
        billed.kind,
        billed.quantity,
        billed.amount_minor,
        billed.tax_amount_minor,
        billed.starts_on,
        billed.ends_on,
        books.book,
        billed.customer_id,
        billed.entity_id,
        billed.currency,
        billed.issued_on,
        billed.due_on,
        billed.agreed_id is null as is_invoice_only,
        coalesce(billed.agreed_id, billed.invoice_id) as billed_contract_id,
        billed.known_at
    from billed
    inner join books
        on billed.entity_id = books.entity_id
    left join only_lines
        on
            billed.agreed_id = only_lines.agreed_id
            and billed.product_id = only_lines.product_id
            and billed.kind in ('charge', 'minimum_fee')
)

select
    {{ text_key(["case when is_invoice_only then 'invoice' else 'contract' end", 'billed_contract_id', 'book']) }} as contract_key,
    resolved.*
from resolved
