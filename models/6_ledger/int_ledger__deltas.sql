{{ config(materialized='view') }}
-- One row per posting key of a contract to draft whose target is not what is posted: why it differs, and which periods are closed to it.
with differences as (
    select * from {{ ref('int_ledger__differences') }}
    union all
    -- A contract of which nothing is posted has its whole target to post: no need to compare.
    select
        targets.contract_key,
        targets.line_key,
        targets.entry_type,
        targets.source_type,
        targets.source_id,
        targets.entry_on,
        targets.period_no as accounting_period_no,
        targets.cause as target_cause,
        targets.role,
        targets.entry_contract_key,
        targets.amount_minor,
        targets.functional_minor,
        targets.rate_nano,
        targets.party_no,
        false as is_correction
    from {{ ref('functional_postings') }} as targets
    inner join {{ ref('int_ledger__new_contracts') }} as new_contracts
        on targets.contract_key = new_contracts.contract_key
)

select
    differences.*,
    case
        when differences.target_cause = 'schedule' and (differences.is_correction or differences.accounting_period_no <= parties.soft_through_no)
            then parties.late_cause
        else differences.target_cause
    end as cause,
    parties.entity_id,
    parties.book,
    parties.position_key,
    parties.locked_through_no,
    parties.soft_through_no,
    parties.soft_causes
from differences
inner join {{ ref('int_ledger__closed_periods') }} as parties
    on differences.entry_contract_key = parties.contract_key
