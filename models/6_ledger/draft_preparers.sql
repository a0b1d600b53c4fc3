{{ config(materialized='view') }}
-- One row per draft entry and person who prepared it, and so may not approve it.
select
    entry_id,
    prepared_by
from {{ ref('draft_entries') }}
