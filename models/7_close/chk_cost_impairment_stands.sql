-- One row per contract cost whose impairment was taken back in a book that does not allow it (invariant 59, 340-40-35-6).
with costs as (
    select * from {{ ref('contract_costs') }}
    where not is_reversible
),

contracts as (
    select * from {{ ref('contracts') }}
),

reversals as (
    select
        contract_key,
        source_id as cost_id,
        entry_on,
        amount_minor
    from {{ ref('ledger_postings') }}
    where source_type = 'contract_cost' and role = 'cost_impairment' and entry_type = 'cost_impairment' and amount_minor < 0
),

shown as (
    select
        contracts.entity_id,
        contracts.book,
        contracts.contract_id,
        costs.cost_id,
        costs.recorded_at,
        reversals.entry_on,
        cast({{ to_major('-reversals.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount
    from reversals
    inner join costs
        on
            reversals.contract_key = costs.contract_key
            and reversals.cost_id = costs.cost_id
    inner join contracts
        on reversals.contract_key = contracts.contract_key
)

select
    entity_id,
    book,
    'cost_impairment_stands' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(cost_id, ':', cast(entry_on as {{ dbt.type_string() }})) as source_id,
    'no reversal under ASC 606' as expected,
    amount as actual,
    concat('The impairment of cost ', cost_id, ' of contract ', contract_id, ' is taken back by ', amount, ' on ',
        cast(entry_on as {{ dbt.type_string() }}), '; book ', book, ' does not allow it.') as explanation,
    recorded_at as first_seen_at
from shown
