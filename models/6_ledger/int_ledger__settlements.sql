-- One row per event on an invoice, in order: what it moves, and what it leaves over for the customer or recovers of a written-off debt.
with events as (
    select * from {{ ref('int_ledger__receivable_events') }}
),

write_offs as (
    select
        invoices.contract_key,
        invoices.invoice_id,
        greatest(invoice_events.occurred_on, invoices.signed_on) as occurred_on,
        4 as precedence,
        'write_off' as entry_type,
        'invoice_event' as source_type,
        invoice_events.event_id as source_id,
        invoice_events.amount_minor
    from {{ ref('input_invoice_events') }} as invoice_events
    inner join {{ ref('int_ledger__invoice_contracts') }} as invoices
        on invoice_events.invoice_id = invoices.invoice_id
    where invoice_events.kind = 'write_off' and not invoices.is_sequenced and invoices.booked_on is not null
),

open_before as (
    select
        write_offs.contract_key,
        write_offs.invoice_id,
        write_offs.occurred_on,
        write_offs.precedence,
        write_offs.entry_type,
        write_offs.source_type,
        write_offs.source_id,
        write_offs.amount_minor,
        cast(greatest(coalesce(sum(events.receivable_minor), 0), 0) as {{ dbt.type_bigint() }}) as open_minor
    from write_offs
    left join events
        on
            write_offs.contract_key = events.contract_key
            and write_offs.invoice_id = events.invoice_id
            and (
                events.occurred_on < write_offs.occurred_on
                or (events.occurred_on = write_offs.occurred_on and events.precedence < write_offs.precedence)
            )
    group by
        write_offs.contract_key, write_offs.invoice_id, write_offs.occurred_on, write_offs.precedence, write_offs.entry_type,
        write_offs.source_type, write_offs.source_id, write_offs.amount_minor
),

sequence as (
    select
        events.*,
        0 as written_off_minor
    from events
    union all
    select
        contract_key,
        invoice_id,
        occurred_on,
        precedence,
        entry_type,
        source_type,
        source_id,
        -least(coalesce(amount_minor, open_minor), open_minor) as receivable_minor,
        'bad_debt' as settled_role,
        0 as net_minor,
        0 as tax_minor,
        0 as owed_minor,
        least(coalesce(amount_minor, open_minor), open_minor) as written_off_minor
    from open_before
),

running as (
    select
        sequence.*,
        cast(sum(receivable_minor) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as balance_minor,
        cast(sum(written_off_minor) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as lost_minor
    from sequence
),

-- What exceeds the receivable recovers a written-off debt first; the rest is owed to the customer.
excess as (
    select
        running.*,
        greatest(-balance_minor, 0) as excess_minor,
        least(greatest(-balance_minor, 0), lost_minor) as recovered_minor
    from running
),

moved as (
    select
        excess.*,
        excess_minor - lag(excess_minor, 1, 0) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
        ) as excess_change_minor,
        recovered_minor - lag(recovered_minor, 1, 0) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
        ) as recovered_change_minor
    from excess
)

select
    contract_key,
    invoice_id,
    occurred_on,
    entry_type,
    source_type,
    source_id,
    receivable_minor,
    settled_role,
    net_minor,
    tax_minor,
    owed_minor,
    excess_change_minor,
    recovered_change_minor
from moved
