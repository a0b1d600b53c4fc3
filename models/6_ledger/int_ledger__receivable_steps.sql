{{ config(materialized='view') }}
-- One row per event on an invoice and contract it bills: what it does to the receivable, with what it bills of an invoice whose right comes later.
with events as (
    select * from {{ ref('int_ledger__receivable_events') }}
),

billed as (
    select
        contract_key,
        invoice_id,
        occurred_on,
        precedence,
        entry_type,
        source_type,
        source_id,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as billed_minor
    from {{ ref('billed_parts') }}
    group by contract_key, invoice_id, occurred_on, precedence, entry_type, source_type, source_id
)

select
    events.contract_key,
    events.invoice_id,
    events.occurred_on,
    events.precedence,
    events.entry_type,
    events.source_type,
    events.source_id,
    events.receivable_minor + coalesce(billed.billed_minor, 0) as receivable_minor,
    events.settled_role,
    events.net_minor,
    events.tax_minor,
    events.owed_minor
from events
left join billed
    on
        events.contract_key = billed.contract_key
        and events.entry_type = billed.entry_type
        and events.source_id = billed.source_id
union all
select
    contract_key,
    invoice_id,
    occurred_on,
    precedence,
    entry_type,
    source_type,
    source_id,
    billed_minor as receivable_minor,
    cast(null as {{ dbt.type_string() }}) as settled_role,
    0 as net_minor,
    0 as tax_minor,
    0 as owed_minor
from billed
where entry_type = 'invoice'
