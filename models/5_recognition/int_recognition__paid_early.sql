-- One row per invoice line of a contract with a history and payment before the right to it: what the payment pays of the line.
-- Consideration that was received is expected to go back as what was billed is (606-10-32-10).
with contracts as (
    select * from {{ ref('contracts') }}
    where is_folded
),

payments as (
    select * from {{ ref('input_payments') }}
    where kind in ('payment', 'balance_applied', 'dispute', 'dispute_won')
),

early as (
    select
        contracts.group_key,
        billings.contract_key,
        billings.invoice_id,
        billings.invoice_line_id,
        billings.line_key,
        billings.booked_on,
        billings.amount_minor,
        payments.payment_id,
        greatest(payments.occurred_on, contracts.signed_on) as occurred_on,
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

-- Cumulative, then difference; no more than the invoice is for.
paid as (
    select
        early.*,
        {{ rounded_share('early.amount_minor', 'least(greatest(early.paid_minor, 0), invoices.gross_minor)', 'invoices.gross_minor', wide=true) }}
            as share_minor
    from early
    inner join invoices
        on early.invoice_id = invoices.invoice_id
)

select
    group_key,
    contract_key,
    invoice_line_id,
    line_key,
    booked_on,
    payment_id,
    occurred_on,
    cast(share_minor - lag(share_minor, 1, 0) over (
        partition by contract_key, invoice_line_id order by occurred_on, payment_id
    ) as {{ dbt.type_bigint() }}) as part_minor
from paid
