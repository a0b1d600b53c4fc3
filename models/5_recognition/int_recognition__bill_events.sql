-- One row per bill that is revenue, and credit note line or void: what it takes back of it, and in which order, as of an invoice of its own
-- (606-10-32-42 to 32-45). A void takes back what no credit note does.
with bills as (
    select
        bills.*,
        contracts.credit_note
    from {{ ref('int_recognition__earning_bills') }} as bills
    inner join {{ ref('contracts') }} as contracts
        on bills.contract_key = contracts.contract_key
),

credited as (
    select
        bills.bill_key,
        notes.credit_note_line_id as source_id,
        notes.issued_on as occurred_on,
        notes.amount_minor,
        case when notes.reason in ('scope_reduction', 'price_change', 'past_service', 'billing_error') then notes.reason else bills.credit_note end
            as manner
    from {{ ref('credited_lines') }} as notes
    inner join bills
        on notes.invoice_line_id = bills.invoice_line_id
),

credited_in_all as (
    select
        bill_key,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from credited
    group by bill_key
),

taken_back as (
    select
        credited.*,
        1 as precedence
    from credited
    union all
    select
        bills.bill_key,
        events.event_id as source_id,
        events.occurred_on,
        bills.amount_minor - coalesce(credited_in_all.amount_minor, 0) as amount_minor,
        'pro_rata' as manner,
        2 as precedence
    from {{ ref('input_invoice_events') }} as events
    inner join bills
        on events.invoice_id = bills.invoice_id
    left join credited_in_all
        on bills.bill_key = credited_in_all.bill_key
    where events.kind = 'void'
)

-- Before there is a contract nothing is earned, and nothing taken back.
select
    bills.contract_key,
    bills.line_key,
    bills.bill_key,
    bills.is_over_service,
    greatest(taken_back.occurred_on, coalesce(bills.not_before_on, taken_back.occurred_on)) as occurred_on,
    taken_back.amount_minor,
    taken_back.manner,
    cast(row_number() over (
        partition by bills.bill_key order by taken_back.occurred_on, taken_back.precedence, taken_back.source_id
    ) as {{ dbt.type_bigint() }}) as event_no
from taken_back
inner join bills
    on taken_back.bill_key = bills.bill_key
where taken_back.amount_minor <> 0
