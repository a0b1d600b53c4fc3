{{ config(materialized='view') }}
-- One row per posted journal line that was known at the moment of this build and belongs to a period up to its last.
select *
from {{ source('ops', 'posted_journal_lines') }}
where known_as_of <= '{{ var("as_of") }}' and accounting_period_no <= {{ through_period_no() }}
