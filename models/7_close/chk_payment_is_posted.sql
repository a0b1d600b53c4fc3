-- One row per movement of cash that reached no entry, though the contract it names is accounted for or it names none.
with payments as (
    select * from {{ ref('input_payments') }}
    where kind <> 'payout' and occurred_on <= cast('{{ through_last_day() }}' as date)
),

posted as (
    select distinct source_id
    from {{ ref('ledger_postings') }}
    where source_type = 'payment'
    union distinct
    select distinct source_id
    from {{ ref('opening_documents') }}
    where source_type = 'payment'
    union distinct
    select payment_id as source_id
    from {{ ref('balances_of_invoices') }}
),

-- Cash of a contract that is not accounted for is flagged with the contract.
unaccounted as (
    select contract_id from {{ ref('contracts_not_accounted') }}
),

unaccounted_invoices as (
    select distinct lines.invoice_id
    from {{ ref('input_invoice_lines') }} as lines
    inner join {{ ref('input_invoices') }} as invoices
        on lines.invoice_id = invoices.invoice_id
    inner join unaccounted
        on coalesce(lines.contract_id, invoices.contract_id, invoices.invoice_id) = unaccounted.contract_id
),

currencies as (
    select * from {{ ref('currencies') }}
),

entities as (
    select * from {{ ref('input_entities') }}
),

missing as (
    select
        payments.*,
        entities.functional_currency,
        currencies.minor_units
    from payments
    inner join entities
        on payments.entity_id = entities.entity_id
    inner join currencies
        on payments.currency = currencies.currency
    left join posted
        on payments.payment_id = posted.source_id
    left join unaccounted
        on payments.contract_id = unaccounted.contract_id
    left join unaccounted_invoices
        on payments.invoice_id = unaccounted_invoices.invoice_id
    where
        posted.source_id is null
        and unaccounted.contract_id is null
        and unaccounted_invoices.invoice_id is null
        and payments.amount_minor <> 0
)

select distinct
    entity_id,
    cast(null as {{ dbt.type_string() }}) as book,
    'payment_is_posted' as rule,
    'block' as severity,
    occurred_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    payment_id as source_id,
    concat(cast({{ to_major('amount_minor') }} as {{ dbt.type_string() }}), ' ', currency, ' in an entry') as expected,
    'no entry' as actual,
    concat(
        'Payment ', payment_id, ' (', kind, ') of ', cast({{ to_major('amount_minor') }} as {{ dbt.type_string() }}), ' ', currency, ' reached no entry: ',
        case
            when currency <> functional_currency then concat('no spot rate to ', functional_currency, ' is known for its day')
            when invoice_id is not null then concat('invoice ', invoice_id, ' has no accepted lines')
            when contract_id is not null then concat('contract ', contract_id, ' is not in the books')
            else 'it names no invoice'
        end, '.'
    ) as explanation,
    recorded_at as first_seen_at
from missing
