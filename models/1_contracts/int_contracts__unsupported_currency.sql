-- One row per contract in a foreign currency, or paid in one, that cannot be translated: a rate that is missing is never guessed.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

paid as (
    select * from {{ ref('input_payments') }}
),

invoices_of_contracts as (
    select distinct
        contract_key,
        invoice_id
    from billed_lines
),

signed as (
    select * from agreed
    where not is_invoice_only
),

payments as (
    select
        invoices_of_contracts.contract_key,
        paid.payment_id,
        paid.currency,
        paid.occurred_on
    from paid
    inner join invoices_of_contracts
        on paid.invoice_id = invoices_of_contracts.invoice_id
    union all
    select
        signed.contract_key,
        paid.payment_id,
        paid.currency,
        paid.occurred_on
    from paid
    inner join signed
        on paid.contract_id = signed.contract_id
    where paid.invoice_id is null
),

days as (
    select contract_key, issued_on as needed_on from billed_lines
    union all
    select contract_key, occurred_on as needed_on from payments
    union all
    select contract_key, coalesce(starts_on, satisfied_on) as needed_on from terms
    union all
    select signed.contract_key, progress.measured_on as needed_on
    from signed
    inner join {{ ref('input_progress') }} as progress
        on signed.contract_id = progress.contract_id
    union all
    select signed.contract_key, usage.used_on as needed_on
    from signed
    inner join {{ ref('input_usage') }} as usage
        on signed.contract_id = usage.contract_id
),

first_days as (
    select
        contract_key,
        min(needed_on) as needed_on
    from days
    group by contract_key
),

-- The direct rate only: an inverse is a quotation of another market.
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
    agreed.contract_key,
    concat(
        'there is no spot rate from ', agreed.currency, ' to ', books.functional_currency, ' for ',
        cast(first_days.needed_on as {{ dbt.type_string() }})
    ) as reason
from agreed
inner join books
    on
        agreed.entity_id = books.entity_id
        and agreed.book = books.book
inner join first_days
    on agreed.contract_key = first_days.contract_key
left join first_rates
    on
        agreed.currency = first_rates.from_currency
        and books.functional_currency = first_rates.to_currency
where
    agreed.currency <> books.functional_currency
    and (first_rates.known_from is null or first_rates.known_from > first_days.needed_on)
union all
select distinct
    agreed.contract_key,
    concat('payment ', payments.payment_id, ' is in ', payments.currency, ' and the contract in ', agreed.currency) as reason
from agreed
inner join payments
    on agreed.contract_key = payments.contract_key
where payments.currency <> agreed.currency
