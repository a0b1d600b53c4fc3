-- One row per contract whose lines do not add up to the deal that was won: sales promised something the order does not say.
with contracts as (
    select * from {{ ref('contracts') }}
),

deals as (
    select
        contract_id,
        currency,
        min(deal_id) as deal_id,
        max(closed_on) as closed_on,
        max(recorded_at) as recorded_at,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as sold_minor
    from {{ ref('won_deals') }}
    group by contract_id, currency
),

ordered as (
    select
        contract_key,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as ordered_minor
    from {{ ref('contract_terms') }}
    group by contract_key
),

compared as (
    select
        contracts.*,
        deals.deal_id,
        deals.closed_on,
        deals.recorded_at as known_at,
        cast({{ to_major('deals.sold_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as sold,
        cast({{ to_major('ordered.ordered_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as ordered
    from contracts
    inner join deals
        on
            contracts.contract_id = deals.contract_id
            and contracts.currency = deals.currency
    inner join ordered
        on contracts.contract_key = ordered.contract_key
    where deals.sold_minor <> ordered.ordered_minor
)

select
    entity_id,
    book,
    'order_matches_the_opportunity' as rule,
    'review' as severity,
    closed_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    deal_id as source_id,
    sold as expected,
    ordered as actual,
    concat('Deal ', deal_id, ' was won for ', sold, ' ', currency, '; the lines of contract ', contract_id, ' add up to ', ordered, '.') as explanation,
    known_at as first_seen_at
from compared
