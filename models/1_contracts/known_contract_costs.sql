-- One row per cost to obtain or fulfil an accounted contract, and book: whether it is an asset, and the days it is amortised between (340-40).
with costs as (
    select * from {{ ref('int_contracts__cost_terms') }}
),

contracts as (
    select * from {{ ref('known_contracts') }}
    where not is_invoice_only
),

books as (
    select
        entity_id,
        book,
        cost_one_year_expedient
    from {{ ref('entity_books') }}
),

treated as (
    select
        {{ text_key(['costs.cost_id', 'contracts.book']) }} as cost_key,
        contracts.contract_key,
        costs.cost_id,
        costs.kind,
        costs.incurred_on,
        costs.amount_minor,
        costs.amortise_from_on,
        costs.amortise_to_on,
        contracts.straight_line as convention,
        contracts.straight_line_days as days_rule,
        -- Only IFRS 15 takes an impairment back (IFRS 15.104, 340-40-35-6).
        contracts.book = 'IFRS15' as is_reversible,
        contracts.signed_on,
        case
            -- There is nothing to obtain or fulfil before there is a contract (606-10-25-1).
            when contracts.signed_on is null then 'no_contract'
            -- The expedient asks for the amortisation period, not the term of the contract (340-40-25-4).
            when
                costs.kind = 'obtain' and books.cost_one_year_expedient = 'true'
                and costs.amortise_to_on < {{ dbt.dateadd('year', 1, 'costs.amortise_from_on') }}
                then 'expensed'
            else 'capitalized'
        end as treatment,
        costs.recorded_at
    from costs
    inner join contracts
        on costs.contract_id = contracts.contract_id
    inner join books
        on
            contracts.entity_id = books.entity_id
            and contracts.book = books.book
)

select
    cost_key,
    contract_key,
    cost_id,
    kind,
    incurred_on,
    amount_minor,
    amortise_from_on,
    amortise_to_on,
    convention,
    days_rule,
    is_reversible,
    treatment,
    case when treatment = 'capitalized' then greatest(incurred_on, signed_on) end as capitalized_on,
    recorded_at
from treated
