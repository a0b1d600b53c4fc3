{{ config(materialized='view') }}
-- One row per contract, per customer balance without one, and per books of an entity that a journal is written in: whose books a target is in.
with contracts as (
    select * from {{ ref('known_contracts') }}
),

unattached as (
    select * from {{ ref('unattached_payments') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- A manual journal belongs to no contract, or to one that is not accounted for.
by_hand as (
    select
        contract_key,
        contract_id,
        entity_id,
        book,
        currency
    from {{ ref('manual_journal_lines') }}
    union distinct
    select
        books_key as contract_key,
        cast(null as {{ dbt.type_string() }}) as contract_id,
        entity_id,
        book,
        currency
    from {{ ref('manual_journal_lines') }}
)

select
    contract_key,
    contract_id,
    entity_id,
    book,
    customer_id,
    region,
    currency,
    minor_units,
    functional_currency,
    functional_minor_units
from contracts
union all
select distinct
    unattached.contract_key,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    unattached.entity_id,
    unattached.book,
    unattached.customer_id,
    customers.region,
    unattached.currency,
    currencies.minor_units,
    books.functional_currency,
    books.functional_minor_units
from unattached
inner join {{ ref('entity_books') }} as books
    on
        unattached.entity_id = books.entity_id
        and unattached.book = books.book
inner join customers
    on unattached.customer_id = customers.customer_id
inner join currencies
    on unattached.currency = currencies.currency
union all
select
    by_hand.contract_key,
    by_hand.contract_id,
    by_hand.entity_id,
    by_hand.book,
    headers.customer_id,
    customers.region,
    by_hand.currency,
    currencies.minor_units,
    books.functional_currency,
    books.functional_minor_units
from by_hand
left join contracts
    on by_hand.contract_key = contracts.contract_key
inner join {{ ref('entity_books') }} as books
    on
        by_hand.entity_id = books.entity_id
        and by_hand.book = books.book
inner join currencies
    on by_hand.currency = currencies.currency
left join {{ ref('input_contracts') }} as headers
    on by_hand.contract_id = headers.contract_id
left join customers
    on headers.customer_id = customers.customer_id
where contracts.contract_key is null
