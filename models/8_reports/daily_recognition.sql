{{ config(materialized='view') }}
-- One row per line, day and cause: revenue by day, from the same closed form as the months. Ask for the days you need.
-- Only what can fall on one day with something else is added up. It comes first, with its names: who fetches row by row from DuckDB waits for ever
-- for a union of which a later part is still to be added up, or joined from the right (its issue 22215).
{%- set names = ['entity_id', 'book', 'contract_id', 'obligation_id', 'line_id', 'currency', 'minor_units'] %}
with days as (
    select
        {{ names | join(',\n        ') }},
        recognized_on,
        cause,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('int_reports__day_amounts') }}
    where not is_alone
    group by contract_key, line_key, {{ names | join(', ') }}, recognized_on, cause
    union all
    select
        {{ names | join(',\n        ') }},
        recognized_on,
        cause,
        amount_minor
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
