-- One row per fact that hits an invoice that is its own contract: its issue, its payments, credits, refunds, disputes and ends.
with contracts as (
    select * from {{ ref('contracts') }}
    where is_invoice_only
),

payments as (
    select * from {{ ref('input_payments') }}
    where kind in ('payment', 'deposit', 'balance_applied', 'refund', 'dispute', 'dispute_won')
),

credit_notes as (
    select * from {{ ref('input_credit_notes') }}
    where voided_on is null
),

invoice_events as (
    select * from {{ ref('input_invoice_events') }}
),

issued as (
    select
        billings.contract_key,
        billings.invoice_id,
        min(billings.booked_on) as booked_on
    from {{ ref('billings') }} as billings
    inner join contracts
        on billings.contract_key = contracts.contract_key
    group by billings.contract_key, billings.invoice_id
),

facts as (
    select
        contract_key,
        booked_on as occurred_on,
        1 as precedence,
        'invoice' as source_type,
        invoice_id as source_id,
        cast(null as {{ dbt.type_string() }}) as source_line_id,
        cast(null as {{ dbt.type_string() }}) as invoice_line_id,
        'issue' as kind,
        cast(null as {{ dbt.type_bigint() }}) as amount_minor,
        cast(0 as {{ dbt.type_bigint() }}) as tax_minor,
        cast(null as {{ dbt.type_string() }}) as manner
    from issued
    union all
    select
        contracts.contract_key,
        -- A deposit settles the invoice when it is booked.
        case when payments.kind = 'deposit' then greatest(payments.occurred_on, issued.booked_on) else payments.occurred_on end as occurred_on,
        case when payments.kind in ('payment', 'deposit', 'balance_applied') then 2 else 5 end as precedence,
        'payment' as source_type,
        payments.payment_id as source_id,
        cast(null as {{ dbt.type_string() }}) as source_line_id,
        payments.invoice_line_id,
        case
            when payments.kind = 'refund' and payments.credit_note_id is not null then 'refund_of_credit_note'
            when payments.kind in ('deposit', 'balance_applied') then 'payment'
            else payments.kind
        end as kind,
        payments.amount_minor,
        0 as tax_minor,
        case
            when payments.kind in ('refund', 'dispute') and payments.credit_note_id is null
                then concat(contracts.refund, case when payments.method = 'outside' then ':external_asset' else ':cash' end)
            when payments.kind = 'balance_applied' then 'customer_balance'
            when payments.kind = 'deposit' and payments.occurred_on < issued.booked_on then 'customer_deposit'
            when payments.method = 'outside' then 'external_asset'
            else 'cash'
        end as manner
    from payments
    inner join contracts
        on payments.invoice_id = contracts.contract_id
    inner join issued
        on contracts.contract_key = issued.contract_key
    union all
    select
        contracts.contract_key,
        credit_notes.issued_on as occurred_on,
        3 as precedence,
        'credit_note' as source_type,
        credit_notes.credit_note_id as source_id,
        credit_note_lines.credit_note_line_id as source_line_id,
        credit_note_lines.invoice_line_id,
        'credit_note' as kind,
        credit_note_lines.amount_minor,
        coalesce(credit_note_lines.tax_amount_minor, 0) as tax_minor,
        concat(
            case
                when credit_notes.reason in ('scope_reduction', 'price_change', 'past_service', 'billing_error') then credit_notes.reason
                else contracts.credit_note
            end, ':', credit_notes.settled_by
        ) as manner
    from credit_notes
    inner join {{ ref('input_credit_note_lines') }} as credit_note_lines
        on credit_notes.credit_note_id = credit_note_lines.credit_note_id
    inner join contracts
        on credit_notes.invoice_id = contracts.contract_id
    union all
    select
        contracts.contract_key,
        invoice_events.occurred_on,
        4 as precedence,
        'invoice_event' as source_type,
        invoice_events.event_id as source_id,
        cast(null as {{ dbt.type_string() }}) as source_line_id,
        cast(null as {{ dbt.type_string() }}) as invoice_line_id,
        invoice_events.kind,
        invoice_events.amount_minor,
        0 as tax_minor,
        case when invoice_events.kind = 'write_off' then contracts.write_off end as manner
    from invoice_events
    inner join contracts
        on invoice_events.invoice_id = contracts.contract_id
)

select * from facts
