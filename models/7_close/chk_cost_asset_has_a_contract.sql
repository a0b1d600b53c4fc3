-- One row per contract cost that is an asset before its contract exists (block), or waits for a signature as an expense (review; invariant 60).
with costs as (
    select * from {{ ref('contract_costs') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

first_postings as (
    select
        contract_key,
        source_id as cost_id,
        min(entry_on) as entry_on
    from {{ ref('ledger_postings') }}
    where source_type = 'contract_cost' and role = 'contract_cost_asset'
    group by contract_key, source_id
),

found as (
    select
        contracts.entity_id,
        contracts.book,
        contracts.contract_id,
        contracts.signed_on,
        costs.cost_id,
        costs.kind,
        costs.incurred_on,
        costs.recorded_at,
        first_postings.entry_on
    from costs
    inner join contracts
        on costs.contract_key = contracts.contract_key
    left join first_postings
        on
            costs.contract_key = first_postings.contract_key
            and costs.cost_id = first_postings.cost_id
    where contracts.signed_on is null or first_postings.entry_on < contracts.signed_on
)

select
    entity_id,
    book,
    'cost_asset_has_a_contract' as rule,
    case when entry_on is null then 'review' else 'block' end as severity,
    coalesce(entry_on, incurred_on) as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    cost_id as source_id,
    'a signed contract' as expected,
    case when signed_on is null then 'not signed' else concat('signed on ', cast(signed_on as {{ dbt.type_string() }})) end as actual,
    case
        when entry_on is null
            then concat('Cost ', cost_id, ' was incurred to ', kind, ' contract ', contract_id, ', which is not signed: it is an expense, no asset.')
        else concat('Cost ', cost_id, ' is an asset from ', cast(entry_on as {{ dbt.type_string() }}), ', before contract ', contract_id, ' exists.')
    end as explanation,
    recorded_at as first_seen_at
from found
