-- One row per invoice line of a contract with a history and payment before the right to it: what the payment pays of the line.
with contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

payments as (
    select * from {{ ref('input_payments') }}
    where kind in ('payment', 'balance_applied', 'dispute', 'dispute_won')
),

notes as (
    select * from {{ ref('credited_lines') }}
    where settled_by = 'receivable' and invoice_line_id is not null
),

early as (
    select
        contracts.group_key,
        contracts.signed_on,
        billings.contract_key,
        billings.invoice_id,
        billings.invoice_line_id,
        billings.line_key,
        billings.booked_on,
        billings.amount_minor,
        payments.payment_id,
        payments.occurred_on as paid_on,
        sum(case when payments.kind = 'dispute' then -payments.amount_minor else payments.amount_minor end) over (
            partition by billings.contract_key, billings.invoice_line_id order by payments.occurred_on, payments.payment_id
            rows between unbounded preceding and current row
        ) as paid_minor
    from {{ ref('billings') }} as billings
    inner join contracts
        on billings.contract_key = contracts.contract_key
    inner join payments
        on billings.invoice_id = payments.invoice_id
    where payments.occurred_on < billings.booked_on
),

invoices as (
    select
        invoice_id,
        sum(amount_minor + coalesce(tax_amount_minor, 0)) as gross_minor
    from {{ ref('input_invoice_lines') }}
    where invoice_id in (select invoice_id from early)
    group by invoice_id
    having sum(amount_minor + coalesce(tax_amount_minor, 0)) > 0
),

-- A payment pays what was not credited before.
credited as (
    select
        early.contract_key,
        early.invoice_line_id,
        early.payment_id,
        sum(notes.amount_minor + notes.tax_minor) as invoice_minor,
        sum(case when notes.invoice_line_id = early.invoice_line_id then notes.amount_minor else 0 end) as line_minor
    from early
    inner join notes
        on
            early.invoice_id = notes.invoice_id
            and early.paid_on > notes.issued_on
    group by early.contract_key, early.invoice_line_id, early.payment_id
),

{% set open = 'greatest(invoices.gross_minor - coalesce(credited.invoice_minor, 0), 1)' -%}
-- Cumulative, then difference; no more than the invoice is for.
paid as (
    select
        early.*,
        {{ rounded_share('early.amount_minor - coalesce(credited.line_minor, 0)', 'least(greatest(early.paid_minor, 0), ' ~ open ~ ')', open, wide=true) }}
            as share_minor
    from early
    inner join invoices
        on early.invoice_id = invoices.invoice_id
    left join credited
        on
            early.contract_key = credited.contract_key
            and early.invoice_line_id = credited.invoice_line_id
            and early.payment_id = credited.payment_id
)

select
    group_key,
    contract_key,
    invoice_line_id,
    line_key,
    signed_on,
    booked_on,
    amount_minor,
    payment_id,
    paid_on,
    cast(share_minor - lag(share_minor, 1, 0) over (
        partition by contract_key, invoice_line_id order by paid_on, payment_id
    ) as {{ dbt.type_bigint() }}) as part_minor
from paid
