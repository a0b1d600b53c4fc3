-- One row per movement of cash or customer balance that names neither an invoice nor a contract, where a rate translates its currency.
with payments as (
    select * from {{ ref('input_payments') }}
    where invoice_id is null and contract_id is null and kind not in ('payout', 'balance_applied')
),

books as (
    select * from {{ ref('entity_books') }}
),

first_rates as (
    select
        from_currency,
        to_currency,
        min(valid_from) as known_from
    from {{ ref('exchange_rates') }}
    where kind = 'spot'
    group by from_currency, to_currency
)

select
    {{ text_key(["'customer'", 'payments.customer_id', 'payments.entity_id', 'payments.currency', 'books.book']) }} as contract_key,
    payments.*,
    books.book
from payments
inner join books
    on payments.entity_id = books.entity_id
left join first_rates
    on
        payments.currency = first_rates.from_currency
        and books.functional_currency = first_rates.to_currency
where
    payments.currency = books.functional_currency
    or first_rates.known_from <= payments.occurred_on
