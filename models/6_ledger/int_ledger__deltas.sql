{{ config(materialized='view') }}
-- One row per posting key of a contract to draft whose target is not what is posted: why it differs, and which periods are closed to it.
select
    differences.contract_key,
    differences.line_key,
    differences.entry_type,
    differences.source_type,
    differences.source_id,
    differences.entry_on,
    differences.accounting_period_no,
    differences.target_cause,
    case
        when differences.target_cause = 'schedule' and (differences.is_correction or differences.accounting_period_no <= status.soft_through_no)
            then coalesce(late_causes.cause, 'late_data')
        else differences.target_cause
    end as cause,
    differences.role,
    differences.entry_contract_key,
    differences.amount_minor,
    differences.functional_minor,
    differences.rate_nano,
    differences.party_no,
    differences.is_correction,
    parties.entity_id,
    parties.book,
    status.locked_through_no,
    status.soft_through_no,
    status.soft_causes
from {{ ref('int_ledger__differences') }} as differences
inner join {{ ref('posting_parties') }} as parties
    on differences.entry_contract_key = parties.contract_key
inner join {{ ref('period_status') }} as status
    on
        parties.entity_id = status.entity_id
        and parties.book = status.book
left join {{ ref('late_causes') }} as late_causes
    on differences.entry_contract_key = late_causes.contract_key
