{{ config(materialized='view') }}
-- One row per contract of which a bill was written off and invoice that was not voided: what is billed of its fixed price, by this invoice and with all
-- before it. What credits and refunds of it take back, whenever, is taken off, so that it is not taken twice.
with lost as (
    select distinct contract_key
    from {{ ref('int_ledger__write_offs') }}
),

terms as (
    select
        terms.contract_key,
        terms.line_key,
        terms.recognition_method in ('usage', 'as_invoiced', 'on_invoice') as is_variable
    from {{ ref('contract_terms') }} as terms
    inner join lost
        on terms.contract_key = lost.contract_key
),

contracts as (
    select
        contract_key,
        max(case when is_variable then 1 else 0 end) as has_variable
    from terms
    group by contract_key
),

-- Invoices that bill something else than the fixed price, or may: what a bill without a line is for is known where there is nothing else.
mixed as (
    select distinct
        billings.contract_key,
        billings.invoice_id
    from {{ ref('billings') }} as billings
    inner join contracts
        on
            billings.contract_key = contracts.contract_key
            and contracts.has_variable = 1
    left join terms
        on billings.line_key = terms.line_key
    where coalesce(terms.is_variable, true)
),

moved as (
    select contract_key, line_key, invoice_id, booked_on, booked_on as occurred_on, amount_minor
    from {{ ref('billings') }}
    where booked_on is not null
    union all
    select contract_key, line_key, invoice_id, cast(null as date) as booked_on, issued_on as occurred_on, -amount_minor as amount_minor
    from {{ ref('int_ledger__credits') }}
    where not is_passed_through
    union all
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        invoice_id,
        cast(null as date) as booked_on,
        occurred_on,
        -net_minor as amount_minor
    from {{ ref('int_ledger__receivable_changes') }}
    where entry_type = 'refund'
),

counted as (
    select
        moved.contract_key,
        moved.invoice_id,
        moved.booked_on,
        moved.amount_minor
    from moved
    inner join contracts
        on moved.contract_key = contracts.contract_key
    left join terms
        on moved.line_key = terms.line_key
    left join mixed
        on
            moved.contract_key = mixed.contract_key
            and moved.invoice_id = mixed.invoice_id
    left join {{ ref('int_ledger__voids') }} as voided
        on
            moved.contract_key = voided.contract_key
            and moved.invoice_id = voided.invoice_id
    left join {{ ref('opening_contracts') }} as openings
        on moved.contract_key = openings.contract_key
    where
        voided.invoice_id is null
        and coalesce(not terms.is_variable, mixed.invoice_id is null)
        -- What was billed before an opening balance was accepted with it.
        and coalesce(moved.occurred_on >= openings.starts_on, true)
    union all
    select lines.contract_key, '' as invoice_id, lines.opened_on as booked_on, lines.billed_minor as amount_minor
    from {{ ref('opening_lines') }} as lines
    inner join contracts
        on lines.contract_key = contracts.contract_key
    where not lines.is_priced_by_facts
),

billed as (
    select
        contract_key,
        invoice_id,
        min(booked_on) as booked_on,
        sum(amount_minor) as net_minor
    from counted
    group by contract_key, invoice_id
    -- A memo bills nothing, and nothing is taken back of it.
    having min(booked_on) is not null
)

select
    contract_key,
    invoice_id,
    cast(greatest(net_minor, 0) as {{ dbt.type_bigint() }}) as net_minor,
    cast(sum(net_minor) over (
        partition by contract_key order by booked_on, invoice_id rows between unbounded preceding and current row
    ) as {{ dbt.type_bigint() }}) as upto_minor
from billed
