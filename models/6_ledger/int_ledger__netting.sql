{{ config(materialized='view') }}
-- One row per posting that moves the contract liability of a contract to the first of its group, so that the group shows one (606-10-45-1).
with contracts as (
    select * from {{ ref('contracts') }}
    where contract_key <> position_key
),

changes as (
    select * from {{ ref('int_ledger__position_changes') }}
    where amount_minor <> 0
),

periods as (
    select
        period_no,
        ends_on
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

openings as (
    select * from {{ ref('opening_contracts') }}
),

sides as (
    select 1 as direction
    union all
    select -1 as direction
)

select
    case when sides.direction = 1 then contracts.position_key else contracts.contract_key end as contract_key,
    changes.line_key,
    case when openings.contract_key is null then 'netting' else 'opening_balance' end as entry_type,
    case when openings.contract_key is null then 'contract' else 'opening_balance' end as source_type,
    contracts.contract_id as source_id,
    periods.ends_on as entry_on,
    case when openings.contract_key is null then 'presentation' else 'opening_balance' end as cause,
    'deferred_revenue' as role,
    cast(changes.amount_minor * sides.direction as {{ dbt.type_bigint() }}) as amount_minor,
    -- One entry over two contracts: it belongs to the one whose balance moves.
    contracts.contract_key as entry_contract_key
from changes
inner join contracts
    on changes.contract_key = contracts.contract_key
inner join periods
    on changes.period_no = periods.period_no
left join openings
    on
        changes.contract_key = openings.contract_key
        and changes.period_no < openings.period_no
cross join sides
