{{ config(materialized='view') }}
-- One row per write-off of a contract's invoice and day on which it takes something, or more or less of it is a loss: what was billed beyond the
-- price of the terms in force is for what is not delivered and will not be, so that it goes out of contract liability (606-10-45-2).
with all_write_offs as (
    select * from {{ ref('int_ledger__write_offs') }}
),

-- Of an invoice of several contracts each loses what it owes.
write_offs as (
    select
        write_offs.*,
        coalesce(sum(write_offs.written_off_minor) over (
            partition by write_offs.contract_key order by write_offs.occurred_on, write_offs.event_id rows between unbounded preceding and 1 preceding
        ), 0) as before_minor
    from all_write_offs as write_offs
    inner join {{ ref('int_ledger__invoice_contracts') }} as invoices
        on
            write_offs.contract_key = invoices.contract_key
            and write_offs.invoice_id = invoices.invoice_id
    where invoices.contract_count = 1
),

terms as (
    select * from {{ ref('int_ledger__prices_in_force') }}
),

dated as (
    select
        write_offs.*,
        greatest(write_offs.occurred_on, terms.from_on) as step_on,
        terms.price_minor,
        row_number() over (
            partition by write_offs.event_id, write_offs.contract_key, greatest(write_offs.occurred_on, terms.from_on)
            order by terms.version_order desc
        ) as recency
    from write_offs
    inner join terms
        on write_offs.contract_key = terms.contract_key
),

billed as (
    select
        dated.contract_key,
        dated.invoice_id,
        dated.event_id,
        dated.precedence,
        dated.step_on,
        dated.written_off_minor,
        dated.before_minor,
        dated.price_minor,
        sum(bills.amount_minor) as billed_minor
    from dated
    inner join {{ ref('int_ledger__bills_of_the_price') }} as bills
        on
            dated.contract_key = bills.contract_key
            and dated.step_on >= bills.counts_from_on
    where dated.recency = 1
    group by
        dated.contract_key, dated.invoice_id, dated.event_id, dated.precedence, dated.step_on, dated.written_off_minor, dated.before_minor,
        dated.price_minor
),

undelivered as (
    select
        billed.*,
        least(greatest(billed_minor - price_minor - before_minor, 0), written_off_minor) as undelivered_minor
    from billed
),

changes as (
    select
        contract_key,
        invoice_id,
        step_on as occurred_on,
        precedence,
        event_id,
        0 as written_off_minor,
        undelivered_minor - lag(undelivered_minor, 1, 0) over (partition by event_id, contract_key order by step_on) as undelivered_minor
    from undelivered
    union all
    select contract_key, invoice_id, occurred_on, precedence, event_id, written_off_minor, 0 as undelivered_minor
    from all_write_offs
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
