-- One row per contract and reason for which no numbers are made: what the engine cannot account for is never guessed.
select
    entity_id,
    book,
    'contract_is_accounted_for' as rule,
    'block' as severity,
    inception_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    'a contract the rules cover' as expected,
    reason as actual,
    concat('Contract ', contract_id, ' has no entries: ', reason, '.') as explanation,
    recorded_at as first_seen_at
from {{ ref('contracts_not_accounted') }}
