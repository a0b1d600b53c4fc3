-- One row per row of the fold's lists `billed`, `due`, `payments` and `credits`: what decides the share of a refund liability and its settlement,
-- and when a price with a significant financing component is paid.
with contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

billings as (
    select
        contracts.group_key,
        contracts.book,
        billings.*
    from {{ ref('billings') }} as billings
    inner join contracts
        on billings.contract_key = contracts.contract_key
),

credits as (
    select * from {{ ref('int_recognition__history_credits') }}
),

paid_early as (
    select * from {{ ref('int_recognition__paid_early') }}
),

advances as (
    select
        contracts.group_key,
        payments.occurred_on,
        lines.line_key,
        case when payments.kind = 'refund' then -payments.amount_minor else payments.amount_minor end as amount_minor
    from {{ ref('input_payments') }} as payments
    inner join contracts
        on payments.contract_id = contracts.contract_id
    left join {{ ref('contract_terms') }} as lines
        on
            contracts.contract_key = lines.contract_key
            and payments.line_id = lines.line_id
    where payments.invoice_id is null and payments.kind in ('payment', 'refund')
),

financed as (
    select contracts.group_key
    from {{ ref('input_price_components') }} as components
    inner join contracts
        on components.contract_id = contracts.contract_id
    where components.kind = 'financing'
),

agreed as (
    select
        contracts.group_key,
        schedules.due_on,
        schedules.amount_minor,
        lines.line_key
    from {{ ref('input_payment_schedules') }} as schedules
    inner join contracts
        on schedules.contract_id = contracts.contract_id
    left join {{ ref('contract_terms') }} as lines
        on
            contracts.contract_key = lines.contract_key
            and schedules.line_id = lines.line_id
),

-- Financing runs to the day that was agreed for a payment, whatever the day of the bill (606-10-32-15).
facts as (
    {%- set financed = ' and group_key in (select group_key from financed)' %}
    -- A credit before the right lowers what falls due.
    {%- set lowered_on = "case when settled_by = 'receivable' then coalesce(right_on, occurred_on) else occurred_on end" %}
    {%- for list, day, credited_on, asked in [
        ('billed', 'booked_on', lowered_on, ''), ('due', 'greatest(booked_on, coalesce(due_on, booked_on))', 'occurred_on', financed)
    ] %}
    select group_key, '{{ list }}' as list, {{ day }} as on_day, amount_minor, '' as reason, line_key, cast(null as date) as right_on from billings
    where booked_on is not null{{ asked }}
    union all
    select group_key, '{{ list }}' as list, occurred_on as on_day, amount_minor, '' as reason, line_key, null as right_on from advances
    where occurred_on is not null{{ asked }}
    union all
    select group_key, '{{ list }}' as list, {{ credited_on }} as on_day, -amount_minor as amount_minor, '' as reason, line_key, null as right_on from credits
    where reason in ('scope_reduction', 'price_change', 'billing_error'){{ asked }}
    union all
    {%- endfor %}
    -- What is paid before the right to it counts from then on, and no more on the day of the right.
    {%- for day, part in [('occurred_on', 'part_minor'), ('booked_on', '-part_minor')] %}
    select group_key, 'billed' as list, {{ day }} as on_day, {{ part }} as amount_minor, '' as reason, line_key, null as right_on from paid_early
    union all
    {%- endfor %}
    select group_key, 'payments' as list, due_on as on_day, amount_minor, '' as reason, line_key, null as right_on from agreed
    union all
    select group_key, 'credits' as list, occurred_on as on_day, amount_minor, reason, line_key, right_on from credits
)

select
    group_key,
    list,
    {{ day_number('on_day') }} as place,
    amount_minor as place_2,
    {%- set row = [json_number(day_number('on_day')), json_number('amount_minor'), json_word('reason'), json_number('line_key')] %}
    case
        when right_on is null then {{ json_row(row) }}
        else {{ json_row(row + [json_number(day_number('right_on'))]) }}
    end as row_text
from facts
