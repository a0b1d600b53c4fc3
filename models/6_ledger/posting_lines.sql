{{ config(materialized='view') }}
-- One row per promised line, and per line that is only posted: the ids and dimensions its postings carry.
select * from {{ ref('int_ledger__promised_lines') }}
union all
select * from {{ ref('int_ledger__posted_lines') }}
