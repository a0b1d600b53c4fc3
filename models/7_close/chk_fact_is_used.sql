-- One row per line with recorded progress or use that the way it is recognised does not read: its figures do not depend on it.
with facts as (
    select
        contract_id,
        line_id,
        'progress' as fact,
        min(measured_on) as first_on
    from {{ ref('input_progress') }}
    group by contract_id, line_id
    union all
    select
        contract_id,
        line_id,
        'use' as fact,
        min(used_on) as first_on
    from {{ ref('input_usage') }}
    group by contract_id, line_id
),

unread as (
    select
        contracts.*,
        facts.line_id,
        facts.fact,
        facts.first_on,
        case
            when terms.recognition_method = 'units' then 'measured by its progress'
            else concat('recognised as ', terms.recognition_method)
        end as way
    from facts
    inner join {{ ref('contract_terms') }} as terms
        on
            facts.contract_id = terms.contract_id
            and facts.line_id = terms.line_id
    inner join {{ ref('contracts') }} as contracts
        on terms.contract_key = contracts.contract_key
    left join facts as measures
        on
            facts.contract_id = measures.contract_id
            and facts.line_id = measures.line_id
            and measures.fact = 'progress'
    where
        (facts.fact = 'progress' and terms.recognition_method not in ('point_in_time', 'units', 'percent_complete', 'milestone'))
        or (facts.fact = 'use' and terms.recognition_method not in ('usage', 'units'))
        -- Units that are used are units delivered: recorded in both ways they would count twice, so progress says it alone.
        or (facts.fact = 'use' and terms.recognition_method = 'units' and measures.line_id is not null)
)

select
    entity_id,
    book,
    'fact_is_used' as rule,
    'review' as severity,
    first_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', line_id, ':', fact) as source_id,
    concat('no record of ', fact) as expected,
    concat('a record from ', cast(first_on as {{ dbt.type_string() }}), ' on') as actual,
    concat(
        'Line ', line_id, ' of contract ', contract_id, ' is ', way, ', and the ', fact, ' recorded for it has no effect; correct the line or the record.'
    ) as explanation,
    recorded_at as first_seen_at
from unread
