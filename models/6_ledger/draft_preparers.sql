{{ config(materialized='view') }}
-- One row per draft entry and person who prepared it, and so may not approve it.
select
    entry_id,
    prepared_by
from {{ ref('draft_entries') }}
union distinct
select
    drafts.entry_id,
    preparers.prepared_by
from {{ ref('draft_entries') }} as drafts
inner join {{ ref('entry_preparers') }} as preparers
    on
        drafts.source_type = preparers.source_type
        and drafts.source_id = preparers.source_id
