-- One row per posted batch that is no longer what was posted: posted lines never change (invariant 3).
select
    entity_id,
    book,
    'posted_line_is_untouched' as rule,
    'block' as severity,
    cast(posted_at as date) as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    batch_id as source_id,
    concat(cast(lines_posted as {{ dbt.type_string() }}), ' lines as posted') as expected,
    concat(cast(lines_found as {{ dbt.type_string() }}), ' lines') as actual,
    concat('Batch ', batch_id, ' is not what was posted: find out who changed it and restore it from a backup.') as explanation,
    posted_at as first_seen_at
from {{ ref('broken_batches') }}
