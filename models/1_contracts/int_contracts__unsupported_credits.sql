-- One row per contract and line that is revenue because it is invoiced (55-18), of which it is not known by how much a refund or a credit lowers that.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
    where not is_invoice_only
),

lines as (
    select
        agreed.contract_key,
        agreed.group_key,
        terms.line_id,
        terms.recognition_method
    from {{ ref('int_contracts__terms') }} as terms
    inner join agreed
        on terms.contract_key = agreed.contract_key
    where not terms.is_discount
),

bills as (
    select distinct
        lines.contract_key,
        lines.group_key,
        lines.line_id,
        lines.recognition_method,
        billed_lines.invoice_id
    from {{ ref('int_contracts__billed_lines') }} as billed_lines
    inner join lines
        on
            billed_lines.contract_key = lines.contract_key
            and billed_lines.line_id = lines.line_id
    where
        not billed_lines.is_invoice_only
        and (lines.recognition_method in ('as_invoiced', 'on_invoice') or (lines.recognition_method = 'usage' and billed_lines.kind = 'minimum_fee'))
),

fixed_groups as (
    select distinct group_key from lines where recognition_method not in ('usage', 'as_invoiced', 'on_invoice')
),

-- A component without lines of its own falls on what has a fixed price, where there is any (32-40).
lowered as (
    select distinct
        agreed.contract_key,
        agreed.group_key,
        components.component_id,
        components.lines as scope
    from {{ ref('input_price_components') }} as components
    inner join agreed
        on components.contract_id = agreed.contract_id
    inner join {{ ref('input_price_estimates') }} as estimates
        on components.component_id = estimates.component_id
    left join fixed_groups
        on agreed.group_key = fixed_groups.group_key
    where
        coalesce(estimates.constrained_to_minor, estimates.amount_minor) < 0
        and (components.lines is not null or fixed_groups.group_key is null)
),

notes as (
    select notes.credit_note_id, notes.invoice_id, notes.issued_on, notes.reason, lines.invoice_line_id
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    where notes.voided_on is null
),

-- An invoice of several lines with credits that name none of them.
unnamed as (
    select
        invoice_id,
        min(issued_on) as first_on,
        max(issued_on) as last_on
    from notes
    where invoice_line_id is null and invoice_id in (
        select invoice_id from {{ ref('input_invoice_lines') }} group by invoice_id having count(*) > 1
    )
    group by invoice_id
)

-- Whether a refund lowers the right to invoice, and of which line, a credit note says.
select distinct
    bills.contract_key,
    concat('line ', bills.line_id, ' is earned as invoiced and invoice ', bills.invoice_id, ' was refunded without a credit note: record the note') as reason
from bills
inner join {{ ref('input_payments') }} as payments
    on bills.invoice_id = payments.invoice_id
where bills.recognition_method <> 'usage' and payments.kind = 'refund' and payments.credit_note_id is null
union all
-- What a component expects to go back, or concedes, has lowered revenue already; a note that settles it does not do so again (32-10).
select distinct
    bills.contract_key,
    concat(
        'line ', bills.line_id, ' is earned as invoiced and credit note ', notes.credit_note_id, ' may settle component ', lowered.component_id,
        ': if not, say so by its reason'
    ) as reason
from bills
inner join notes
    on bills.invoice_id = notes.invoice_id
inner join lowered
    on
        bills.group_key = lowered.group_key
        and (lowered.scope is null or (bills.contract_key = lowered.contract_key and {{ is_listed('bills.line_id', 'lowered.scope') }}))
where notes.reason not in ('scope_reduction', 'price_change', 'billing_error')
union all
-- How much of the line that is named the ones before took, and are to take, is known to nobody.
select distinct
    bills.contract_key,
    concat(
        'line ', bills.line_id, ' is earned as invoiced and invoice ', bills.invoice_id, ' has credits without a line before and after credit note ',
        notes.credit_note_id, ', which names one: let them name theirs'
    ) as reason
from bills
inner join unnamed
    on bills.invoice_id = unnamed.invoice_id
inner join notes
    on unnamed.invoice_id = notes.invoice_id
where notes.invoice_line_id is not null and notes.issued_on > unnamed.first_on and notes.issued_on <= unnamed.last_on
