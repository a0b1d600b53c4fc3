{{ config(materialized='view') }}
-- One row per line that a contract ever promised, as the latest version that has it states it.
select * from {{ ref('int_contracts__version_lines') }}
where is_latest
