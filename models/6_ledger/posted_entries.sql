{{ config(materialized='view') }}
-- One row per posted entry: its header, as its first line carries it.
select *
from {{ ref('posted_postings') }}
where is_first_line
