-- One row per posting of a contract opened from an earlier system that its opening balance stands for.
with openings as (
    select * from {{ ref('opening_contracts') }}
)

select
    movements.contract_key,
    openings.contract_id,
    openings.opened_on,
    movements.entry_type,
    movements.source_type,
    movements.source_id,
    movements.role,
    movements.amount_minor
from {{ ref('int_ledger__since_inception') }} as movements
inner join openings
    on movements.contract_key = openings.contract_key
where movements.entry_on < openings.starts_on and movements.entry_type <> 'opening_balance'
