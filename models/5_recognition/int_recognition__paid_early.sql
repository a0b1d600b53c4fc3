-- One row per invoice line of a contract with a history and payment or credit before the right to it: how it changes what is paid of the line.
-- Consideration that was received is expected to go back as what was billed is (606-10-32-10).
with shares as (
    select * from {{ ref('int_recognition__paid_shares') }}
),

notes as (
    select * from {{ ref('credited_lines') }}
    where settled_by = 'receivable' and reason in ('scope_reduction', 'price_change', 'billing_error')
),

steps as (
    {%- set line = 'group_key, contract_key, invoice_line_id, line_key, booked_on, amount_minor' %}
    select
        {{ line }},
        payment_id as source_id,
        greatest(paid_on, signed_on) as occurred_on,
        1 as precedence,
        part_minor as paid_minor,
        0 as credited_minor
    from shares
    union all
    select
        {% for column in line.split(', ') %}lines.{{ column }}, {% endfor %}
        notes.credit_note_id as source_id,
        greatest(notes.issued_on, lines.signed_on) as occurred_on,
        2 as precedence,
        0 as paid_minor,
        sum(notes.amount_minor) as credited_minor
    from (select distinct {{ line }}, signed_on from shares) as lines
    inner join notes
        on
            lines.invoice_line_id = notes.invoice_line_id
            and lines.booked_on > notes.issued_on
    group by {% for column in line.split(', ') %}lines.{{ column }}, {% endfor %} notes.credit_note_id, notes.issued_on, lines.signed_on
),

{% set in_order = 'partition by contract_key, invoice_line_id order by occurred_on, precedence, source_id' -%}
{%- set so_far = 'over (' ~ in_order ~ ' rows between unbounded preceding and current row)' -%}
-- What is paid beyond what a credit leaves is the customer's again.
standing as (
    select
        steps.*,
        case
            when amount_minor < 0 then sum(paid_minor) {{ so_far }}
            else least(sum(paid_minor) {{ so_far }}, greatest(amount_minor - sum(credited_minor) {{ so_far }}, 0))
        end as standing_minor
    from steps
)

select
    group_key,
    contract_key,
    invoice_line_id,
    line_key,
    booked_on,
    precedence,
    source_id,
    occurred_on,
    cast(standing_minor - lag(standing_minor, 1, 0) over ({{ in_order }}) as {{ dbt.type_bigint() }}) as part_minor
from standing
