-- One row per invoice line that bills an accounted contract, on the day the right to payment is booked; never without a contract.
with billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

contracts as (
    select * from {{ ref('known_contracts') }}
),

terms as (
    select
        contract_key,
        line_id,
        line_key,
        cancellable_until
    from {{ ref('known_contract_terms') }}
),

first_payments as (
    select
        invoice_id,
        min(occurred_on) as first_paid_on
    from {{ ref('input_payments') }}
    where kind in ('payment', 'balance_applied')
    group by invoice_id
)

select
    billed_lines.contract_key,
    terms.line_key,
    billed_lines.invoice_id,
    billed_lines.invoice_line_id,
    billed_lines.kind,
    billed_lines.product_id,
    billed_lines.issued_on,
    billed_lines.starts_on,
    billed_lines.ends_on,
    -- Under `due` an invoice is no receivable before it is due or paid (606-10-45-4).
    -- Before there is a contract it is a memo (606-10-25-1): no day while it is unsigned, else not before it was signed.
    -- What the customer may still cancel is no right either, unless it is paid (55-287).
    case
        when contracts.signed_on is not null
            then greatest(contracts.signed_on, billed_lines.issued_on, least(
                greatest(
                    case when contracts.receivable_when = 'due' then coalesce(billed_lines.due_on, billed_lines.issued_on) else billed_lines.issued_on end,
                    coalesce(cast({{ dbt.dateadd('day', 1, 'terms.cancellable_until') }} as date), billed_lines.issued_on)
                ),
                coalesce(first_payments.first_paid_on, cast('9999-12-31' as date))
            ))
    end as booked_on,
    case when billed_lines.kind in ('tax', 'pass_through') then 0 else billed_lines.amount_minor end as amount_minor,
    case when billed_lines.kind = 'pass_through' then billed_lines.amount_minor else 0 end as pass_through_minor,
    coalesce(billed_lines.tax_amount_minor, 0)
    + case when billed_lines.kind = 'tax' then billed_lines.amount_minor else 0 end as tax_minor,
    billed_lines.known_at
from billed_lines
inner join contracts
    on billed_lines.contract_key = contracts.contract_key
left join terms
    on
        billed_lines.contract_key = terms.contract_key
        and case when billed_lines.is_invoice_only then billed_lines.invoice_line_id else billed_lines.line_id end = terms.line_id
left join first_payments
    on billed_lines.invoice_id = first_payments.invoice_id
