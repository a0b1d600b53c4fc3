-- One row per movement of cash or customer balance that names neither an invoice nor a contract, in the entity's own currency.
with payments as (
    select * from {{ ref('input_payments') }}
    where invoice_id is null and contract_id is null and kind not in ('payout', 'balance_applied')
),

books as (
    select * from {{ ref('entity_books') }}
)

select
    {{ text_key(["'customer'", 'payments.customer_id', 'payments.entity_id', 'payments.currency', 'books.book']) }} as contract_key,
    payments.*,
    books.book
from payments
inner join books
    on
        payments.entity_id = books.entity_id
        and payments.currency = books.functional_currency
