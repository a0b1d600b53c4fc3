-- One row per manual journal: the ledger takes none yet, and a journal left out is said aloud.
with journals as (
    select
        journal_id,
        entity_id,
        max(book) as book,
        max(posted_on) as posted_on,
        max(contract_id) as contract_id,
        max(prepared_by) as prepared_by,
        max(recorded_at) as recorded_at
    from {{ ref('input_manual_journals') }}
    group by journal_id, entity_id
)

select
    entity_id,
    book,
    'manual_journal_is_posted' as rule,
    'block' as severity,
    posted_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    journal_id as source_id,
    'an entry' as expected,
    'no entry' as actual,
    concat('Manual journal ', journal_id, ' prepared by ', prepared_by, ' is not in the ledger: manual journals are not accounted for yet.')
        as explanation,
    recorded_at as first_seen_at
from journals
