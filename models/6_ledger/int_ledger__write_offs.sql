{{ config(materialized='view') }}
-- One row per write-off of an invoice and contract it bills: the contract's part of the loss, by what is open of each.
-- Nothing is lost before there is a right to it: one that comes before takes what is open then.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced and booked_on is not null
),

write_offs as (
    select
        invoices.contract_key,
        invoices.book,
        invoices.contract_no,
        invoices.invoice_id,
        greatest(
            invoice_events.occurred_on, max(invoices.booked_in_full_on) over (partition by invoice_events.event_id, invoices.book)
        ) as occurred_on,
        4 as precedence,
        invoice_events.event_id,
        invoice_events.amount_minor
    from {{ ref('input_invoice_events') }} as invoice_events
    inner join invoices
        on invoice_events.invoice_id = invoices.invoice_id
    where invoice_events.kind = 'write_off'
),

balances as (
    select
        write_offs.contract_key,
        write_offs.book,
        write_offs.contract_no,
        write_offs.invoice_id,
        write_offs.occurred_on,
        write_offs.precedence,
        write_offs.event_id,
        write_offs.amount_minor,
        cast(coalesce(sum(events.receivable_minor), 0) as {{ dbt.type_bigint() }}) as balance_minor
    from write_offs
    left join {{ ref('int_ledger__receivable_changes') }} as events
        on
            write_offs.contract_key = events.contract_key
            and write_offs.invoice_id = events.invoice_id
            and (
                events.occurred_on < write_offs.occurred_on
                or (events.occurred_on = write_offs.occurred_on and events.precedence < write_offs.precedence)
            )
    group by
        write_offs.contract_key, write_offs.book, write_offs.contract_no, write_offs.invoice_id, write_offs.occurred_on,
        write_offs.precedence, write_offs.event_id, write_offs.amount_minor
),

-- What is open of the invoice is lost, of each contract what it still owes; a stated amount counts up to that.
summed as (
    select
        balances.*,
        greatest(balance_minor, 0) as owed_minor,
        sum(greatest(balance_minor, 0)) over (
            partition by event_id, book order by contract_no rows between unbounded preceding and current row
        ) as upto_minor,
        sum(greatest(balance_minor, 0)) over (partition by event_id, book) as whole_minor,
        greatest(sum(balance_minor) over (partition by event_id, book), 0) as open_minor
    from balances
),

lost as (
    select
        summed.*,
        least(coalesce(amount_minor, open_minor), open_minor) as lost_minor
    from summed
)

select
    contract_key,
    invoice_id,
    occurred_on,
    precedence,
    event_id,
    cast({{ weighed_share('lost_minor', 'contract_no', 'owed_minor', 'upto_minor', 'whole_minor') }} as {{ dbt.type_bigint() }}) as written_off_minor
from lost
