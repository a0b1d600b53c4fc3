-- One row per contract, customer balance or books that has postings, as a target or only in the ledger: whose books they are in.
with parties as (
    select * from {{ ref('int_ledger__parties') }}
),

-- One number of each posted line is read to find out that nothing else has to be: contracts that are no more are few.
posted_keys as (
    select distinct contract_key
    from {{ ref('posted_postings') }}
),

only_posted as (
    select posted_keys.contract_key
    from posted_keys
    left join parties
        on posted_keys.contract_key = parties.contract_key
    where parties.contract_key is null
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
    inner join only_posted
        on posted.contract_key = only_posted.contract_key
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
