-- One row per line of a contract with a history that was opened from an earlier system: what was billed before and is not among its invoices.
-- What was accepted is net of credits; those that are loaded come with their own rows, or settle a refund liability instead.
with openings as (
    select * from {{ ref('opening_lines') }}
    where not is_priced_by_facts
),

contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

group_starts as (
    select
        contracts.group_key,
        max(openings.starts_on) as starts_on,
        max(openings.opened_on) as opened_on
    from openings
    inner join contracts
        on openings.contract_key = contracts.contract_key
    group by contracts.group_key
),

accepted as (
    select
        contracts.group_key,
        openings.line_key,
        openings.billed_minor as amount_minor
    from openings
    inner join contracts
        on openings.contract_key = contracts.contract_key
),

billed as (
    select
        contracts.group_key,
        openings.line_key,
        -billings.amount_minor as amount_minor
    from {{ ref('billings') }} as billings
    inner join openings
        on billings.line_key = openings.line_key
    inner join contracts
        on openings.contract_key = contracts.contract_key
    where billings.booked_on < openings.starts_on
),

credited as (
    select
        credits.group_key,
        credits.line_key,
        credits.amount_minor
    from {{ ref('int_recognition__history_credits') }} as credits
    inner join group_starts
        on credits.group_key = group_starts.group_key
    where credits.occurred_on < group_starts.starts_on and not credits.is_priced_by_use
),

left_over as (
    select * from accepted
    union all
    select * from billed
    union all
    select * from credited
),

facts as (
    select
        left_over.group_key,
        left_over.line_key,
        group_starts.opened_on as on_day,
        cast(sum(left_over.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from left_over
    inner join group_starts
        on left_over.group_key = group_starts.group_key
    group by left_over.group_key, left_over.line_key, group_starts.opened_on
    having sum(left_over.amount_minor) <> 0
)

{% for list in ['billed', 'due'] -%}
select
    group_key,
    '{{ list }}' as list,
    {{ day_number('on_day') }} as place,
    amount_minor as place_2,
    {{ json_row([json_number(day_number('on_day')), json_number('amount_minor'), json_word("''"), json_number('line_key')]) }} as row_text
from facts
{{ 'union all' if not loop.last }}
{% endfor %}
