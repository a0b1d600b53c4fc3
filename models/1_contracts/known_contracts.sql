-- One row per contract and book that is accounted for, with the elections that govern it.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

not_accounted as (
    select distinct contract_key
    from {{ ref('contracts_not_accounted') }}
),

histories as (
    select * from {{ ref('int_contracts__histories') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

positions as (
    select * from {{ ref('int_contracts__positions') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    agreed.contract_key,
    positions.position_key,
    agreed.contract_id,
    agreed.entity_id,
    agreed.book,
    agreed.customer_id,
    customers.region,
    customers.segment,
    agreed.currency,
    currencies.minor_units,
    books.functional_currency,
    books.functional_minor_units,
    books.calendar,
    agreed.signed_on,
    agreed.inception_on,
    agreed.is_invoice_only,
    agreed.group_key,
    histories.contract_key is not null as is_folded,
    agreed.recorded_at,
    books.straight_line,
    books.straight_line_days,
    books.credit_note,
    case books.refund when 'follow_credit_note' then books.credit_note else books.refund end as refund,
    books.contra_accounts = 'true' as has_contra_accounts,
    books.write_off,
    books.usage_timing,
    books.position_level,
    books.unbilled_presentation,
    books.receivable_when,
    books.ssp_in_range,
    books.ssp_outside_range,
    books.breakage,
    books.modification,
    books.progress_rounding,
    books.material_right_exercise,
    books.financing_one_year_expedient,
    books.opening_liability_order
from agreed
inner join books
    on
        agreed.entity_id = books.entity_id
        and agreed.book = books.book
inner join customers
    on agreed.customer_id = customers.customer_id
inner join currencies
    on agreed.currency = currencies.currency
inner join positions
    on agreed.contract_key = positions.contract_key
left join histories
    on agreed.contract_key = histories.contract_key
left join not_accounted
    on agreed.contract_key = not_accounted.contract_key
where not_accounted.contract_key is null
