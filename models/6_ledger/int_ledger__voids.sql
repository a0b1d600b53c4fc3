{{ config(materialized='view') }}
-- One row per void of a contract's invoice and contract it bills: what it takes back, which is what no credit note took before.
-- What a note left the customer instead of reducing the receivable, and was not paid out, pays that part of the receivable.
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced and booked_on is not null
),

credited as (
    select
        contract_key,
        invoice_id,
        sum(amount_minor) as net_minor,
        sum(case when is_passed_through then 0 else amount_minor end) as price_minor,
        sum(tax_minor) as tax_minor,
        sum(case when settled_by in ('customer_balance', 'refund') then amount_minor + tax_minor else 0 end) as granted_minor
    from {{ ref('int_ledger__credits') }}
    group by contract_key, invoice_id
),

voids as (
    select
        invoices.contract_key,
        invoices.invoice_id,
        greatest(events.occurred_on, invoices.signed_on) as occurred_on,
        events.event_id,
        invoices.gross_minor - coalesce(credited.net_minor + credited.tax_minor, 0) as gross_minor,
        invoices.net_minor - coalesce(credited.price_minor, 0) as net_minor,
        invoices.tax_minor - coalesce(credited.tax_minor, 0) as tax_minor,
        coalesce(credited.granted_minor, 0) as granted_minor
    from {{ ref('input_invoice_events') }} as events
    inner join invoices
        on events.invoice_id = invoices.invoice_id
    left join credited
        on
            invoices.contract_key = credited.contract_key
            and invoices.invoice_id = credited.invoice_id
    where events.kind = 'void'
),

paid_out as (
    select
        voids.contract_key,
        voids.event_id,
        sum(receipts.amount_minor) as amount_minor
    from voids
    inner join {{ ref('int_ledger__receipts') }} as receipts
        on
            voids.contract_key = receipts.contract_key
            and voids.invoice_id = receipts.invoice_id
    where receipts.kind = 'refund' and receipts.credit_note_id is not null and receipts.applied_on <= voids.occurred_on
    group by voids.contract_key, voids.event_id
)

select
    voids.contract_key,
    voids.invoice_id,
    voids.occurred_on,
    voids.event_id,
    cast(voids.gross_minor as {{ dbt.type_bigint() }}) as gross_minor,
    cast(voids.net_minor as {{ dbt.type_bigint() }}) as net_minor,
    cast(voids.tax_minor as {{ dbt.type_bigint() }}) as tax_minor,
    cast(greatest(voids.granted_minor - coalesce(paid_out.amount_minor, 0), 0) as {{ dbt.type_bigint() }}) as kept_minor
from voids
left join paid_out
    on
        voids.contract_key = paid_out.contract_key
        and voids.event_id = paid_out.event_id
