-- One row per contract and opening balance of it that cannot be taken over as it stands.
with openings as (
    select * from {{ ref('int_contracts__openings') }}
),

agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

positions as (
    select * from {{ ref('int_contracts__positions') }}
),

opened as (
    select
        contract_key,
        min(period) as period,
        max(period) as last_period,
        min(entity_id) as entity_id,
        min(starts_on) as starts_on
    from openings
    group by contract_key
),

reasons as (
    select
        terms.contract_key,
        concat('line ', terms.line_id, ' begins before ', opened.period, ' and has no opening balance') as reason
    from opened
    inner join terms
        on opened.contract_key = terms.contract_key
    left join openings
        on
            terms.contract_key = openings.contract_key
            and terms.line_id = openings.line_id
    where openings.contract_key is null and not terms.is_discount and terms.satisfied_on < opened.starts_on
    union all
    select
        opened.contract_key,
        case
            when opened.period <> opened.last_period then 'its opening balances are of several periods'
            when opened.starts_on is null then concat(opened.period, ' is no month to begin with')
            when opened.entity_id <> agreed.entity_id then concat('its opening balance is of entity ', opened.entity_id)
            -- Its layers keep the rates of days that nobody told.
            when agreed.currency <> books.functional_currency
                then concat('its opening balance in ', agreed.currency, ' does not say what it was worth in ', books.functional_currency)
            else concat('it was not signed before ', opened.period, ', where its opening balance begins')
        end as reason
    from opened
    inner join agreed
        on opened.contract_key = agreed.contract_key
    inner join books
        on
            agreed.entity_id = books.entity_id
            and agreed.book = books.book
    where
        opened.period <> opened.last_period
        or opened.starts_on is null
        or opened.entity_id <> agreed.entity_id
        or agreed.currency <> books.functional_currency
        or coalesce(agreed.signed_on >= opened.starts_on, true)
    union all
    select
        opened.contract_key,
        concat('contract ', partners.contract_id, ' it is presented net with has no opening balance at ', opened.period) as reason
    from opened
    inner join positions
        on opened.contract_key = positions.contract_key
    inner join positions as beside
        on positions.position_key = beside.position_key
    inner join agreed as partners
        on beside.contract_key = partners.contract_key
    left join opened as opened_partners
        on beside.contract_key = opened_partners.contract_key
    where coalesce(opened_partners.period <> opened.period, partners.inception_on < opened.starts_on)
)

select distinct
    contract_key,
    reason
from reasons
