-- One row per contract and term of the contract as a whole that the engine cannot account for yet.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

positions as (
    select * from {{ ref('int_contracts__positions') }}
),

elected as (
    select
        agreed.*,
        books.calendar,
        books.functional_currency
    from agreed
    inner join books
        on
            agreed.entity_id = books.entity_id
            and agreed.book = books.book
),

signed_contracts as (
    select
        contract_key,
        contract_id
    from agreed
    where not is_invoice_only
),

of_header as (
    select
        contract_key,
        concat('its entity keeps a ', calendar, ' calendar') as reason
    from elected
    where calendar <> 'monthly'
    union all
    select
        elected.contract_key,
        concat('contract ', partners.contract_id, ' it is combined with is in another currency or entity') as reason
    from elected
    inner join agreed as partners
        on elected.group_key = partners.group_key
    where elected.currency <> partners.currency or elected.entity_id <> partners.entity_id
    union all
    -- The worth of a layer stays with its contract: what is netted across contracts would leave it behind.
    select distinct
        elected.contract_key,
        concat('it is in ', elected.currency, ' and presented net with other contracts (606-10-45-1)') as reason
    from elected
    inner join positions
        on elected.contract_key = positions.contract_key
    inner join positions as partners
        on
            positions.position_key = partners.position_key
            and positions.contract_key <> partners.contract_key
    where elected.currency <> elected.functional_currency
    union all
    select
        elected.contract_key,
        case when elected.is_invoice_only then 'a contract has its id' else 'an invoice without a contract has its id' end as reason
    from elected
    inner join agreed as namesakes
        on
            elected.contract_id = namesakes.contract_id
            and elected.book = namesakes.book
            and elected.is_invoice_only <> namesakes.is_invoice_only
),

related as (
    select
        contract_id,
        'its inception was voided' as reason
    from {{ ref('input_contract_versions') }}
    where version = 1 and voided_on is not null
    union all
    select
        contract_id,
        concat('cost ', cost_id, ' has no first and last day to be amortised between') as reason
    from {{ ref('int_contracts__cost_terms') }}
    where amortise_to_on is null or amortise_from_on is null or amortise_to_on < amortise_from_on
    union all
    select
        contract_id,
        concat('its order ', order_id, ' is in ', order_currency) as reason
    from {{ ref('misread_orders') }}
)

select
    contract_key,
    reason
from of_header
union all
select distinct
    signed_contracts.contract_key,
    related.reason
from signed_contracts
inner join related
    on signed_contracts.contract_id = related.contract_id
