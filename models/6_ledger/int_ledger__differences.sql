{{ config(materialized='view') }}
-- One row per posting key of a contract to draft whose target is not what is posted: the difference.
with to_draft as (
    select to_draft.contract_key
    from {{ ref('contracts_to_draft') }} as to_draft
    left join {{ ref('contracts_not_accounted') }} as refused
        on to_draft.contract_key = refused.contract_key
    -- What is not accounted for has a blocking flag; what was posted of it stands until that is settled.
    where refused.contract_key is null
),

posted_contracts as (
    select * from {{ ref('posted_contracts') }}
),

targets as (
    select
        targets.*,
        posted_contracts.contract_key is not null as is_posted_before
    from {{ ref('functional_postings') }} as targets
    inner join to_draft
        on targets.contract_key = to_draft.contract_key
    left join posted_contracts
        on targets.contract_key = posted_contracts.contract_key
),

both_sides as (
    {%- set keys = [
        'contract_key', 'line_key', 'entry_type', 'source_type', 'source_id', 'entry_on', 'accounting_period_no', 'target_cause', 'role',
        'entry_contract_key',
    ] %}
    select
        contract_key,
        line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        period_no as accounting_period_no,
        cause as target_cause,
        role,
        entry_contract_key,
        amount_minor,
        functional_minor,
        rate_nano,
        party_no,
        0 as posted_lines
    from targets
    where is_posted_before
    union all
    select
        posted.contract_key,
        posted.line_key,
        posted.entry_type,
        posted.source_type,
        posted.target_source_id as source_id,
        posted.entry_date as entry_on,
        posted.accounting_period_no,
        posted.target_cause,
        posted.role,
        posted.entry_contract_key,
        -posted.amount_minor as amount_minor,
        -posted.functional_minor as functional_minor,
        posted.rate_nano,
        posted.party_no,
        1 as posted_lines
    from {{ ref('posted_postings') }} as posted
    inner join to_draft
        on posted.contract_key = to_draft.contract_key
),

differences as (
    select
        {{ keys | join(',\n        ') }},
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor,
        cast(sum(functional_minor) as {{ dbt.type_bigint() }}) as functional_minor,
        case when sum(amount_minor) = 0 then 0 else max(rate_nano) end as rate_nano,
        max(party_no) as party_no,
        max(posted_lines) = 1 as is_correction
    from both_sides
    group by {{ keys | join(', ') }}
    having sum(amount_minor) <> 0 or sum(functional_minor) <> 0
),

-- A contract of which nothing is posted has its whole target to post: no need to compare.
open_targets as (
    select
        contract_key,
        line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        period_no as accounting_period_no,
        cause as target_cause,
        role,
        entry_contract_key,
        amount_minor,
        functional_minor,
        rate_nano,
        party_no,
        false as is_correction
    from targets
    where not is_posted_before
)

select * from differences
union all
select * from open_targets
