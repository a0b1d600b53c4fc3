-- One row per invoice line that bills an accounted contract, on the day its right to payment is unconditional; never without a contract.
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
        line_key
    from {{ ref('known_contract_terms') }}
),

-- Under `due` an invoice is no receivable before it is due (606-10-45-4). Before there is a contract it is a memo (606-10-25-1):
-- no day while it is unsigned, else not before it was signed.
billed as (
    select
        billed_lines.*,
        terms.line_key,
        contracts.signed_on,
        case
            when contracts.signed_on is not null
                then greatest(
                    contracts.signed_on, billed_lines.issued_on,
                    case when contracts.receivable_when = 'due' then coalesce(billed_lines.due_on, billed_lines.issued_on) else billed_lines.issued_on end
                )
        end as owed_on
    from billed_lines
    inner join contracts
        on billed_lines.contract_key = contracts.contract_key
    left join terms
        on
            billed_lines.contract_key = terms.contract_key
            and case when billed_lines.is_invoice_only then billed_lines.invoice_line_id else billed_lines.line_id end = terms.line_id
),

cancellable_lines as (
    select distinct line_key
    from {{ ref('known_version_lines') }}
    where cancellable_until is not null
),

-- What the customer may still cancel is no right (55-287). Each version says so of the days on which it is in force.
firm_days as (
    select
        billed.contract_key,
        billed.invoice_id,
        billed.invoice_line_id,
        version_lines.in_force_before_on,
        greatest(
            billed.owed_on, version_lines.in_force_from_on,
            coalesce(cast({{ dbt.dateadd('day', 1, 'version_lines.cancellable_until') }} as date), billed.owed_on)
        ) as firm_on
    from billed
    inner join cancellable_lines
        on billed.line_key = cancellable_lines.line_key
    inner join {{ ref('known_version_lines') }} as version_lines
        on billed.line_key = version_lines.line_key
    where billed.owed_on is not null
),

-- A right that stood is not undone by what is agreed later.
first_firm_days as (
    select
        contract_key,
        invoice_id,
        invoice_line_id,
        min(firm_on) as firm_on
    from firm_days
    where firm_on < in_force_before_on
    group by contract_key, invoice_id, invoice_line_id
)

select
    billed.contract_key,
    billed.line_key,
    billed.invoice_id,
    billed.invoice_line_id,
    billed.kind,
    billed.product_id,
    billed.issued_on,
    billed.due_on,
    billed.starts_on,
    billed.ends_on,
    coalesce(first_firm_days.firm_on, billed.owed_on) as booked_on,
    case when billed.kind in ('tax', 'pass_through') then 0 else billed.amount_minor end as amount_minor,
    case when billed.kind = 'pass_through' then billed.amount_minor else 0 end as pass_through_minor,
    coalesce(billed.tax_amount_minor, 0) + case when billed.kind = 'tax' then billed.amount_minor else 0 end as tax_minor,
    billed.known_at
from billed
left join first_firm_days
    on
        billed.contract_key = first_firm_days.contract_key
        and billed.invoice_id = first_firm_days.invoice_id
        and billed.invoice_line_id = first_firm_days.invoice_line_id
