{{ config(materialized='view') }}
-- One row per write-off of a contract's invoice and day on which it takes something, or more or less of it is a loss: what was billed beyond the
-- price of the terms in force is for what is not delivered and will not be, so that it goes out of contract liability (606-10-45-2).
with write_offs as (
    select * from {{ ref('int_ledger__write_offs') }}
),

terms as (
    select * from {{ ref('int_ledger__prices_in_force') }}
),

-- Of an invoice of several contracts each loses what it owes. The price is for what was billed first.
dated as (
    select
        write_offs.contract_key,
        write_offs.invoice_id,
        write_offs.precedence,
        write_offs.event_id,
        greatest(write_offs.occurred_on, terms.from_on) as occurred_on,
        least(greatest(bills.upto_minor - terms.price_minor, 0), bills.net_minor, write_offs.written_off_minor) as undelivered_minor,
        row_number() over (
            partition by write_offs.event_id, write_offs.contract_key, greatest(write_offs.occurred_on, terms.from_on)
            order by terms.version_order desc
        ) as recency
    from write_offs
    inner join {{ ref('int_ledger__invoice_contracts') }} as invoices
        on
            write_offs.contract_key = invoices.contract_key
            and write_offs.invoice_id = invoices.invoice_id
            and invoices.contract_count = 1
    inner join {{ ref('int_ledger__bills_of_the_price') }} as bills
        on
            write_offs.contract_key = bills.contract_key
            and write_offs.invoice_id = bills.invoice_id
    inner join terms
        on write_offs.contract_key = terms.contract_key
),

changes as (
    select
        contract_key,
        invoice_id,
        occurred_on,
        precedence,
        event_id,
        0 as written_off_minor,
        undelivered_minor - lag(undelivered_minor, 1, 0) over (partition by event_id, contract_key order by occurred_on) as undelivered_minor
    from dated
    where recency = 1
    union all
    select contract_key, invoice_id, occurred_on, precedence, event_id, written_off_minor, 0 as undelivered_minor
    from write_offs
)

select
    contract_key,
    invoice_id,
    occurred_on,
    precedence,
    event_id,
    cast(sum(written_off_minor) as {{ dbt.type_bigint() }}) as written_off_minor,
    cast(sum(undelivered_minor) as {{ dbt.type_bigint() }}) as undelivered_minor,
    cast(sum(written_off_minor - undelivered_minor) as {{ dbt.type_bigint() }}) as lost_minor
from changes
group by contract_key, invoice_id, occurred_on, precedence, event_id
having sum(written_off_minor) <> 0 or sum(undelivered_minor) <> 0
