{{ config(materialized='view') }}
-- One row per posting of a fact or of revenue, before contract positions are presented; what an opening balance stands for is replaced by it.
with openings as (
    select
        contract_key,
        starts_on
    from {{ ref('opening_contracts') }}
)

select movements.*
from {{ ref('int_ledger__since_inception') }} as movements
left join openings
    on movements.contract_key = openings.contract_key
where openings.contract_key is null or movements.entry_on >= openings.starts_on or movements.entry_type = 'opening_balance'
union all
select * from {{ ref('int_ledger__openings') }}
