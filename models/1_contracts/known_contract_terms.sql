{{ config(materialized='view') }}
-- One row per line of an accounted contract: what was promised, for how much, over which term, as the latest version that has it states it.
select * from {{ ref('known_version_lines') }}
where is_latest
