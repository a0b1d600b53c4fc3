{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per line, day, cause and what is earned or given back on it: a slice of its schedule, a posting to revenue, an opening.
select
    contract_key,
    line_key,
    is_alone,
    recognized_on,
    cause,
    amount_minor
from {{ ref('int_reports__days') }}
where amount_minor <> 0
union all
select
    contract_key,
    line_key,
    false as is_alone,
    recognized_on,
    cause,
    amount_minor
from {{ ref('int_reports__entry_days') }}
