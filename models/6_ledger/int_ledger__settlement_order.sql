{{ config(materialized='view') }}
-- One row per event on an invoice and contract it bills, in order: what it moves, and what the contract then owes of the invoice and has lost of it.
-- Where an invoice bills several, an event on one stands beside the others too, without an amount of its own, so that they can be compared.
with events as (
    select
        receivable_changes.*,
        0 as lost_now_minor
    from {{ ref('int_ledger__receivable_changes') }} as receivable_changes
    union all
    select
        contract_key,
        invoice_id,
        occurred_on,
        precedence,
        'write_off' as entry_type,
        'invoice_event' as source_type,
        event_id as source_id,
        -written_off_minor as receivable_minor,
        'bad_debt' as settled_role,
        undelivered_minor as net_minor,
        0 as tax_minor,
        0 as owed_minor,
        lost_minor as lost_now_minor
    from {{ ref('int_ledger__losses') }}
),

invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where booked_on is not null
),

own as (
    select
        events.*,
        invoices.book,
        invoices.contract_no,
        invoices.contract_count
    from events
    inner join invoices
        on
            events.contract_key = invoices.contract_key
            and events.invoice_id = invoices.invoice_id
),

beside as (
    select distinct
        invoices.contract_key,
        own.invoice_id,
        own.occurred_on,
        own.precedence,
        own.entry_type,
        own.source_type,
        own.source_id,
        own.book,
        invoices.contract_no,
        invoices.contract_count
    from own
    inner join invoices
        on
            own.invoice_id = invoices.invoice_id
            and own.book = invoices.book
    left join own as same
        on
            invoices.contract_key = same.contract_key
            and own.invoice_id = same.invoice_id
            and own.occurred_on = same.occurred_on
            and own.entry_type = same.entry_type
            and own.source_id = same.source_id
    where own.contract_count > 1 and same.contract_key is null
),

sequence as (
    select
        contract_key,
        invoice_id,
        occurred_on,
        precedence,
        entry_type,
        source_type,
        source_id,
        book,
        contract_no,
        contract_count,
        receivable_minor,
        settled_role,
        net_minor,
        tax_minor,
        owed_minor,
        lost_now_minor,
        false as is_beside
    from own
    union all
    select
        beside.*,
        0 as receivable_minor,
        cast(null as {{ dbt.type_string() }}) as settled_role,
        0 as net_minor,
        0 as tax_minor,
        0 as owed_minor,
        0 as lost_now_minor,
        true as is_beside
    from beside
)

select
    sequence.*,
    {% for moved, balance in [('receivable_minor', 'balance_minor'), ('lost_now_minor', 'lost_minor')] -%}
        cast(sum({{ moved }}) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as {{ balance }}{{ ',' if not loop.last }}
    {% endfor %}
from sequence
