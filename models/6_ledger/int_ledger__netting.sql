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

sides as (
    select 1 as direction
    union all
    select -1 as direction
)

select
    case when sides.direction = 1 then contracts.position_key else contracts.contract_key end as contract_key,
    changes.line_key,
    'netting' as entry_type,
    'contract' as source_type,
    contracts.contract_id as source_id,
    periods.ends_on as entry_on,
    'presentation' as cause,
    'deferred_revenue' as role,
    cast(changes.amount_minor * sides.direction as {{ dbt.type_bigint() }}) as amount_minor,
    -- One entry over two contracts: it belongs to the one whose balance moves.
    contracts.contract_key as entry_contract_key
from changes
inner join contracts
    on changes.contract_key = contracts.contract_key
inner join periods
    on changes.period_no = periods.period_no
cross join sides
