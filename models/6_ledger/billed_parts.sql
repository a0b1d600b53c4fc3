-- One row per event, line and role of an invoice that is billed in parts: what the event bills of it, credits positive. Before the right only
-- what is paid is booked, as contract liability (606-10-45-2); a payment pays first what is owed first, and what was credited is no longer billed.
with moments as (
    select * from {{ ref('int_ledger__billing_moments') }}
),

lines as (
    select billings.*
    from {{ ref('known_billings') }} as billings
    inner join {{ ref('early_invoices') }} as early
        on
            billings.contract_key = early.contract_key
            and billings.invoice_id = early.invoice_id
),

-- Price, tax and what is collected for others are paid together.
amounts as (
    {%- for role, amount in [('deferred_revenue', 'amount_minor'), ('tax_payable', 'tax_minor'), ('pass_through_payable', 'pass_through_minor')] %}
    select contract_key, invoice_id, invoice_line_id, line_key, booked_on, '{{ role }}' as role, {{ amount }} as amount_minor
    from lines
    where {{ amount }} <> 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

numbered as (
    select
        amounts.*,
        cast(row_number() over (
            partition by contract_key, invoice_id order by booked_on, case when amount_minor < 0 then 1 else 0 end, invoice_line_id, role
        ) as {{ dbt.type_bigint() }}) as place
    from amounts
),

{% set price_role = "case when is_passed_through then 'pass_through_payable' else 'deferred_revenue' end" -%}
credited as (
    {%- for role, amount in [(price_role, 'amount_minor'), ("'tax_payable'", 'tax_minor')] %}
    select contract_key, credit_note_id, invoice_line_id, {{ role }} as role, sum({{ amount }}) as credited_minor
    from {{ ref('int_ledger__credits') }}
    where settled_by = 'receivable'
    group by contract_key, credit_note_id, invoice_line_id, is_passed_through
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- What each event finds of each amount: what of it was credited so far, and whether the right to it is unconditional.
found as (
    select
        moments.*,
        numbered.line_key,
        numbered.role,
        numbered.place,
        numbered.booked_on,
        numbered.amount_minor,
        numbered.booked_on <= moments.occurred_on or moments.is_voided = 1 as is_owed,
        greatest(least(sum(coalesce(credited.credited_minor, 0)) over (
            partition by moments.contract_key, moments.invoice_id, numbered.place order by moments.moment_no
            rows between unbounded preceding and current row
        ), numbered.amount_minor), 0) as credited_minor
    from moments
    inner join numbered
        on
            moments.contract_key = numbered.contract_key
            and moments.invoice_id = numbered.invoice_id
    left join credited
        on
            moments.contract_key = credited.contract_key
            and moments.entry_type = 'credit_note'
            and moments.source_id = credited.credit_note_id
            and numbered.invoice_line_id = credited.invoice_line_id
            and numbered.role = credited.role
),

{% set moment = 'partition by contract_key, invoice_id, moment_no' -%}
weighed as (
    select
        found.*,
        amount_minor - credited_minor as left_minor,
        sum(amount_minor - credited_minor) over ({{ moment }} order by booked_on, place rows between unbounded preceding and current row) as upto_all_minor,
        sum(amount_minor - credited_minor) over (
            {{ moment }}, booked_on order by place rows between unbounded preceding and current row
        ) as upto_minor,
        sum(amount_minor - credited_minor) over ({{ moment }}, booked_on) as whole_minor
    from found
),

paid as (
    select
        weighed.*,
        greatest(least(paid_so_far_minor - (upto_all_minor - upto_minor), whole_minor), 0) as part_minor
    from weighed
),

billed as (
    select
        paid.*,
        credited_minor + case
            when is_owed then left_minor
            else {{ weighed_share('part_minor', 'place', 'left_minor', 'upto_minor', 'whole_minor') }}
        end as billed_minor
    from paid
),

changes as (
    select
        billed.*,
        billed_minor - lag(billed_minor, 1, 0) over (partition by contract_key, invoice_id, place order by moment_no) as change_minor
    from billed
)

select
    contract_key, invoice_id, line_key, occurred_on, precedence, entry_type, source_type, source_id, role,
    cast(sum(change_minor) as {{ dbt.type_bigint() }}) as amount_minor
from changes
group by contract_key, invoice_id, line_key, occurred_on, precedence, entry_type, source_type, source_id, role
having sum(change_minor) <> 0
