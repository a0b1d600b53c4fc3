{{ config(materialized='view') }}
-- One row per line, day and cause: revenue by day, from the same closed form as the months. Ask for the days you need.
-- Only what can fall on one day with something else is added up. It comes first: who fetches row by row from DuckDB waits for ever where a later
-- part of a union has still to be added up (its issue 22215).
with summed as (
    select
        contract_key,
        line_key,
        recognized_on,
        cause,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('int_reports__day_amounts') }}
    where not is_alone
    group by contract_key, line_key, recognized_on, cause
),

days as (
    select
        parties.entity_id,
        parties.book,
        parties.contract_id,
        lines.obligation_id,
        lines.line_id,
        summed.recognized_on,
        summed.amount_minor,
        parties.minor_units,
        parties.currency,
        summed.cause
    from summed
    left join {{ ref('posting_parties') }} as parties
        on summed.contract_key = parties.contract_key
    left join {{ ref('posting_lines') }} as lines
        on summed.line_key = lines.line_key
    union all
    select
        entity_id,
        book,
        contract_id,
        obligation_id,
        line_id,
        recognized_on,
        amount_minor,
        minor_units,
        currency,
        cause
    from {{ ref('int_reports__days') }}
    where is_alone and amount_minor <> 0
)

select
    entity_id,
    book,
    contract_id,
    obligation_id,
    line_id,
    recognized_on,
    {{ to_major('amount_minor', 'minor_units') }} as amount,
    currency,
    cause
from days
