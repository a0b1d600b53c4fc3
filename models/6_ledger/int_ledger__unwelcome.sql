-- One row per contract position with a draft in a softly closed period that the soft close does not let in.
select distinct position_key
from {{ ref('int_ledger__deltas') }}
where
    -- Entries that only present what others did follow those. Where a period is locked, no soft close decides.
    locked_through_no < soft_through_no
    and accounting_period_no <= soft_through_no
    and target_cause <> 'presentation'
    and concat(',', soft_causes, ',') not like concat('%,', cause, ',%')
