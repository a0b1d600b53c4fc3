{{ config(materialized='view') }}
-- One row per line, day and cause: revenue by day, from the same closed form as the months. Ask for the days you need.
with summed as (
    select
        contract_key,
        line_key,
        recognized_on,
        cause,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('int_reports__day_amounts') }}
    group by contract_key, line_key, recognized_on, cause
)

select
    parties.entity_id,
    parties.book,
    parties.contract_id,
    lines.obligation_id,
    lines.line_id,
    summed.recognized_on,
    {{ to_major('summed.amount_minor', 'parties.minor_units') }} as amount,
    parties.currency,
    summed.cause
from summed
left join {{ ref('posting_parties') }} as parties
    on summed.contract_key = parties.contract_key
left join {{ ref('posting_lines') }} as lines
    on summed.line_key = lines.line_key
