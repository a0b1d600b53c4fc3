-- One row per posting key of a contract to draft of which something is posted, and whose target is not what is posted: the difference.
{%- set keys = [
    'contract_key', 'line_key', 'entry_type', 'source_type', 'source_id', 'entry_on', 'accounting_period_no', 'target_cause', 'role',
    'entry_contract_key',
] %}
with to_compare as (
    select posted.contract_key
    from {{ ref('posted_contracts') }} as posted
    left join {{ ref('contracts_not_accounted') }} as refused
        on posted.contract_key = refused.contract_key
    -- What is not accounted for has a blocking flag; what was posted of it stands until that is settled.
    where refused.contract_key is null
),

both_sides as (
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
        0 as posted_lines
    from {{ ref('functional_postings') }} as targets
    inner join to_compare
        on targets.contract_key = to_compare.contract_key
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
    inner join to_compare
        on posted.contract_key = to_compare.contract_key
)

select
    {{ keys | join(',\n    ') }},
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor,
    cast(sum(functional_minor) as {{ dbt.type_bigint() }}) as functional_minor,
    case when sum(amount_minor) = 0 then 0 else max(rate_nano) end as rate_nano,
    max(party_no) as party_no,
    max(posted_lines) = 1 as is_correction
from both_sides
group by {{ keys | join(', ') }}
having sum(amount_minor) <> 0 or sum(functional_minor) <> 0
