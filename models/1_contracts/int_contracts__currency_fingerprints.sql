-- One row per contract or customer balance in a foreign currency: a fingerprint of the rates that translate it.
with books as (
    select * from {{ ref('entity_books') }}
),

parties as (
    select
        contract_key,
        entity_id,
        book,
        currency
    from {{ ref('known_contracts') }}
    union distinct
    select
        contract_key,
        entity_id,
        book,
        currency
    from {{ ref('unattached_payments') }}
),

rates as (
    select
        from_currency,
        to_currency,
        sum(cast({{ row_fingerprint(['to_currency', 'kind', 'valid_from', 'valid_before', 'rate_atto']) }} as {{ wide_int() }})) as fingerprint
    from {{ ref('exchange_rates') }}
    group by from_currency, to_currency
)

select
    parties.contract_key,
    {{ int_mod('abs(rates.fingerprint)', '2305843009213693951') }} as fingerprint
from parties
inner join books
    on
        parties.entity_id = books.entity_id
        and parties.book = books.book
inner join rates
    on
        parties.currency = rates.from_currency
        and books.functional_currency = rates.to_currency
where parties.currency <> books.functional_currency
