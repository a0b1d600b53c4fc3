{{ config(materialized='view') }}
-- One row per draft that was approved with another content or rejected as it is: what was decided, and what is different now.
with decisions as (
    select
        decisions.*,
        row_number() over (partition by entry_id order by seq desc) as age
    from {{ source('ops', 'approvals') }} as decisions
    where known_as_of <= '{{ var("as_of") }}'
),

drafts as (
    select
        drafts.*,
        parties.minor_units,
        parties.currency
    from {{ ref('draft_entries') }} as drafts
    inner join {{ ref('posting_parties') }} as parties
        on drafts.contract_key = parties.contract_key
),

-- Why the facts are different now: a version of the contract that came later, or an estimate; else data that came late.
changed_terms as (
    select
        drafts.entry_id,
        max(versions.version) as version
    from drafts
    inner join decisions
        on
            drafts.entry_id = decisions.entry_id
            and decisions.age = 1
    inner join {{ ref('input_contract_versions') }} as versions
        on
            drafts.contract_id = versions.contract_id
            and versions.recorded_at > cast(decisions.known_as_of as {{ dbt.type_timestamp() }})
    group by drafts.entry_id
),

amounts as (
    select
        drafts.entity_id,
        drafts.book,
        drafts.entry_id,
        drafts.period_no,
        decisions.decision,
        decisions.actor as decided_by,
        decisions.happened_at as decided_at,
        decisions.reason,
        decisions.posting_period_no,
        decisions.content_hash = drafts.content_hash as is_the_same,
        changed_terms.version,
        drafts.currency,
        {{ to_major('decisions.debit_minor', 'drafts.minor_units') }} as decided_debit,
        {{ to_major('drafts.debit_minor', 'drafts.minor_units') }} as debit
    from drafts
    inner join decisions
        on
            drafts.entry_id = decisions.entry_id
            and decisions.age = 1
    left join changed_terms
        on drafts.entry_id = changed_terms.entry_id
    where decisions.decision = 'rejected' or decisions.content_hash <> drafts.content_hash
)

select
    amounts.entity_id,
    amounts.book,
    periods.period as posting_period,
    amounts.entry_id,
    amounts.decision,
    amounts.decided_by,
    amounts.decided_at,
    amounts.reason,
    concat(
        case amounts.decision when 'rejected' then 'Rejected' else 'Approved' end, ' by ', amounts.decided_by,
        case when amounts.reason is null then '' else concat(' (', amounts.reason, ')') end,
        case
            when amounts.is_the_same then '; it has not changed since'
            when amounts.decided_debit <> amounts.debit
                then concat(
                    ' at debits of ', cast(amounts.decided_debit as {{ dbt.type_string() }}), ' ', amounts.currency, '; now ',
                    cast(amounts.debit as {{ dbt.type_string() }})
                )
            when amounts.posting_period_no <> amounts.period_no then '; it is booked in another period now'
            else '; its lines, accounts or dates changed'
        end,
        case
            when amounts.is_the_same then ''
            when amounts.version is not null
                then concat(', after version ', cast(amounts.version as {{ dbt.type_string() }}), ' of the contract was recorded')
            else ', after data came late'
        end, '.'
    ) as explanation
from amounts
inner join {{ ref('fiscal_periods') }} as periods
    on
        amounts.period_no = periods.period_no
        and periods.calendar = 'monthly'
