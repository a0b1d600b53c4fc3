-- One row per contract and invoice of its own that was changed later in a way the engine cannot put in sequence yet.
with billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

invoice_events as (
    select * from {{ ref('input_invoice_events') }}
),

-- Paid before there is a right to it.
paid_early as (
    select billed_lines.invoice_id
    from {{ ref('input_payments') }} as payments
    inner join billed_lines
        on payments.invoice_id = billed_lines.invoice_id
    inner join {{ ref('entity_books') }} as books
        on
            billed_lines.entity_id = books.entity_id
            and billed_lines.book = books.book
    where
        billed_lines.is_invoice_only
        and payments.kind in ('payment', 'balance_applied')
        and payments.occurred_on < case
            when books.receivable_when = 'due' then greatest(billed_lines.issued_on, coalesce(billed_lines.due_on, billed_lines.issued_on))
            else billed_lines.issued_on
        end
),

-- What puts an invoice that is its own contract into a sequence of events.
changes as (
    select invoice_id from paid_early
    union all
    select invoice_id from invoice_events
    union all
    select invoice_id from {{ ref('input_credit_notes') }}
    where voided_on is null
    union all
    select invoice_id from {{ ref('input_payments') }}
    where kind in ('refund', 'dispute', 'dispute_won')
),

changed as (
    select distinct invoice_id
    from changes
),

-- What was not used yet has no sequence with its use.
measured as (
    select distinct
        contract_id,
        line_id
    from {{ ref('input_progress') }}
),

reasons as (
    select
        terms.contract_key,
        concat('line ', terms.line_id, ' is measured by progress and its invoice was changed later or paid before') as reason
    from terms
    inner join agreed
        on terms.contract_key = agreed.contract_key
    inner join changed
        on agreed.contract_id = changed.invoice_id
    left join measured
        on
            terms.contract_id = measured.contract_id
            and terms.line_id = measured.line_id
    where
        agreed.is_invoice_only
        and (
            (measured.line_id is not null and terms.recognition_method in ('units', 'milestone', 'percent_complete', 'point_in_time'))
            or (terms.expires_on is not null and terms.recognition_method = 'units')
        )
)

select distinct
    contract_key,
    reason
from reasons
