{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per line, day, cause and what is earned or given back on it: a slice of its schedule, a posting to revenue, an opening.
{%- set names = ['entity_id', 'book', 'contract_id', 'currency', 'minor_units', 'obligation_id', 'line_id'] %}
select
    contract_key,
    line_key,
    {{ names | join(',\n    ') }},
    is_alone,
    recognized_on,
    cause,
    amount_minor
from {{ ref('int_reports__days') }}
where amount_minor <> 0
union all
select
    entry_days.contract_key,
    entry_days.line_key,
    {%- for name in names %}
    {{ 'lines' if name in ('obligation_id', 'line_id') else 'parties' }}.{{ name }},
    {%- endfor %}
    false as is_alone,
    entry_days.recognized_on,
    entry_days.cause,
    entry_days.amount_minor
from {{ ref('int_reports__entry_days') }} as entry_days
left join {{ ref('posting_parties') }} as parties
    on entry_days.contract_key = parties.contract_key
left join {{ ref('posting_lines') }} as lines
    on entry_days.line_key = lines.line_key
