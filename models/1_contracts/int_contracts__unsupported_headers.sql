-- One row per contract and term of the contract as a whole that the engine cannot account for yet.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

elected as (
    select
        agreed.*,
        books.calendar
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
        contract_key,
        'it is not signed (606-10-25-1)' as reason
    from elected
    where signed_on is null
    union all
    select
        contract_key,
        'it is combined with another contract (606-10-25-9)' as reason
    from elected
    where combine_with is not null
    union all
    select
        contract_key,
        'it nets with a group of contracts (606-10-45-1)' as reason
    from elected
    where netting_group is not null
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
        'it was modified after inception (606-10-25-10)' as reason
    from {{ ref('input_contract_versions') }}
    where version > 1
    union all
    select
        contract_id,
        'its inception was voided' as reason
    from {{ ref('input_contract_versions') }}
    where version = 1 and voided_on is not null
    union all
    select
        contract_id,
        concat('it has a price component of kind ', kind) as reason
    from {{ ref('input_price_components') }}
    union all
    select
        contract_id,
        concat('it has a cost to ', kind, ' it (340-40)') as reason
    from {{ ref('input_contract_costs') }}
    union all
    select
        contract_id,
        'it has an opening balance from an earlier system' as reason
    from {{ ref('input_opening_balances') }}
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
