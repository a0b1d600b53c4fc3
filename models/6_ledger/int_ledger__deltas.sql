{{ config(materialized='view') }}
-- One row per posting key of a contract to draft whose target is not what is posted: why it differs, and which periods are closed to it.
with differences as (
    select
        contract_key,
        line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        accounting_period_no,
        target_cause,
        role,
        entry_contract_key,
        amount_minor,
        functional_minor,
        rate_nano,
        party_no,
        is_correction
    from {{ ref('int_ledger__differences') }}
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
from differences
inner join {{ ref('posting_parties') }} as parties
    on differences.entry_contract_key = parties.contract_key
inner join {{ ref('period_status') }} as status
    on
        parties.entity_id = status.entity_id
        and parties.book = status.book
left join {{ ref('late_causes') }} as late_causes
    on differences.entry_contract_key = late_causes.contract_key
