-- One row per obligation without the dates its method needs: first and last day over time, else the day it is satisfied (invariant 15).
with obligations as (
    select
        obligations.*,
        case
            when recognition_method = 'straight_line' and (starts_on is null or ends_on is null) then 'no first or last day'
            when recognition_method = 'straight_line' and ends_on < starts_on then 'a last day before the first'
            when satisfied_on is null then 'no day'
        end as fault
    from {{ ref('obligations') }} as obligations
)

select
    contracts.entity_id,
    contracts.book,
    'obligation_has_its_dates' as rule,
    'block' as severity,
    contracts.inception_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', obligations.obligation_id) as source_id,
    concat('the dates of ', obligations.recognition_method) as expected,
    obligations.fault as actual,
    concat(
        'Obligation ', obligations.obligation_id, ' of contract ', contracts.contract_id, ' is recognised by ', obligations.recognition_method,
        ' and has ', obligations.fault, ': it would never be recognised.'
    ) as explanation,
    contracts.recorded_at as first_seen_at
from obligations
inner join {{ ref('contracts') }} as contracts
    on obligations.contract_key = contracts.contract_key
where obligations.fault is not null
