-- One row per manual journal and person who prepared a line of it: who may not approve its entry.
select distinct
    'manual_journal' as source_type,
    journal_id as source_id,
    prepared_by
from {{ ref('input_manual_journals') }}
