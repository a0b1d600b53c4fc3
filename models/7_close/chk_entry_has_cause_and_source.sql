-- One row per entry without a cause or without a fact it comes from (invariant 6).
select
    entity_id,
    book,
    'entry_has_cause_and_source' as rule,
    'block' as severity,
    entry_date as flagged_on,
    contract_id,
    entry_id,
    entry_id as source_id,
    'a cause and a source' as expected,
    concat(coalesce(cause, 'no cause'), ', ', coalesce(source_type, 'no source'), ' ', coalesce(source_id, '')) as actual,
    concat('Entry ', entry_id, ' does not say what caused it or which fact it comes from.') as explanation,
    cast(entry_date as {{ dbt.type_timestamp() }}) as first_seen_at
from {{ ref('booked_entries') }}
where cause is null or source_type is null or source_id is null
