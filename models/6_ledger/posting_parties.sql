-- One row per contract, per customer balance that belongs to no contract, and per contract that only has posted lines: whose books a posting is in.
with contracts as (
    select * from {{ ref('contracts') }}
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

parties as (
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
),

-- What was posted of a contract that is no more stays in the books until it is reversed.
posted as (
    select distinct
        posted.contract_key,
        posted.contract_id,
        posted.entity_id,
        posted.book,
        posted.customer_id,
        posted.region,
        posted.currency,
        posted.minor_units,
        posted.functional_currency,
        posted.functional_minor_units
    from {{ ref('posted_postings') }} as posted
    left join parties
        on posted.contract_key = parties.contract_key
    where parties.contract_key is null
),

all_parties as (
    select * from parties
    union all
    select * from posted
)

select
    all_parties.*,
    {{ text_key(['entity_id', 'book', 'currency', 'region', "''", "''"]) }} as dimension_key
from all_parties
