-- One row per line of a contract with a history that was opened from an earlier system: what was billed before and is not among its invoices.
with openings as (
    select * from {{ ref('opening_lines') }}
    where not is_priced_by_facts
),

contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

billed as (
    select
        openings.line_key,
        sum(billings.amount_minor) as billed_minor
    from {{ ref('billings') }} as billings
    inner join openings
        on billings.line_key = openings.line_key
    where billings.booked_on < openings.starts_on
    group by openings.line_key
),

facts as (
    select
        contracts.group_key,
        openings.line_key,
        openings.opened_on as on_day,
        cast(openings.billed_minor - coalesce(billed.billed_minor, 0) as {{ dbt.type_bigint() }}) as amount_minor
    from openings
    inner join contracts
        on openings.contract_key = contracts.contract_key
    left join billed
        on openings.line_key = billed.line_key
    where openings.billed_minor <> coalesce(billed.billed_minor, 0)
)

select
    group_key,
    'billed' as list,
    {{ day_number('on_day') }} as place,
    amount_minor as place_2,
    {{ json_row([json_number(day_number('on_day')), json_number('amount_minor'), json_word("''"), json_number('line_key')]) }} as row_text
from facts
