-- One row per contract position with a draft in a softly closed period that the soft close does not let in.
with late as (
    select
        entry_contract_key,
        cause,
        soft_causes
    from {{ ref('int_ledger__deltas') }}
    -- Entries that only present what others did follow those. Where a period is locked, no soft close decides.
    where locked_through_no < soft_through_no and accounting_period_no <= soft_through_no and target_cause <> 'presentation'
)

select distinct coalesce(contracts.position_key, late.entry_contract_key) as position_key
from late
left join {{ ref('known_contracts') }} as contracts
    on late.entry_contract_key = contracts.contract_key
where concat(',', late.soft_causes, ',') not like concat('%,', late.cause, ',%')
