-- One row per refund without a credit note, invoice and book: what it pays of what is owed to the customer, before it gives back what was billed.
-- An invoice is one debt, whichever contracts it bills. What was paid too much of it goes back first, then what was credited to a balance that no
-- other refund pays out.
{% set balances = ['overpaid', 'owed'] -%}
with invoices as (
    select * from {{ ref('int_ledger__invoice_contracts') }}
    where not is_sequenced and booked_on is not null
),

refunds as (
    select
        receipts.contract_key,
        receipts.invoice_id,
        receipts.payment_id,
        receipts.amount_minor,
        invoices.book
    from {{ ref('int_ledger__receipts') }} as receipts
    inner join invoices
        on
            receipts.contract_key = invoices.contract_key
            and receipts.invoice_id = invoices.invoice_id
    where receipts.kind = 'refund' and receipts.credit_note_id is null and not receipts.is_early
),

refunded as (
    select distinct
        invoice_id,
        book
    from refunds
),

-- On one day a refund comes last.
events as (
    select
        steps.invoice_id,
        invoices.book,
        steps.occurred_on,
        case when refunds.payment_id is not null then 5 else steps.precedence end as precedence,
        steps.source_id,
        sum(steps.receivable_minor) as receivable_minor,
        -- A void uses up what the customer kept.
        sum(coalesce(grants.granted_minor, 0) - case when steps.entry_type = 'void' then steps.owed_minor else 0 end) as granted_minor,
        sum(coalesce(refunds.amount_minor, 0)) as refunded_minor
    from {{ ref('int_ledger__receivable_steps') }} as steps
    inner join invoices
        on
            steps.contract_key = invoices.contract_key
            and steps.invoice_id = invoices.invoice_id
    inner join refunded
        on
            invoices.invoice_id = refunded.invoice_id
            and invoices.book = refunded.book
    left join refunds
        on
            steps.contract_key = refunds.contract_key
            and steps.source_id = refunds.payment_id
            and steps.source_type = 'payment'
    left join {{ ref('int_ledger__granted_credits') }} as grants
        on
            steps.contract_key = grants.contract_key
            and steps.entry_type = 'credit_note'
            and steps.source_id = grants.credit_note_id
    group by
        steps.invoice_id, invoices.book, steps.occurred_on, steps.source_id,
        case when refunds.payment_id is not null then 5 else steps.precedence end
),

{% set order = 'partition by invoice_id, book order by occurred_on, precedence, source_id' -%}
{% set so_far = 'over (' ~ order ~ ' rows between unbounded preceding and current row)' -%}
running as (
    select
        events.*,
        greatest(-sum(receivable_minor) {{ so_far }}, 0) as overpaid_minor,
        greatest(-sum(receivable_minor) {{ so_far }}, 0) + greatest(sum(granted_minor) {{ so_far }}, 0) as owed_minor,
        sum(refunded_minor) {{ so_far }} as refunded_so_far_minor
    from events
),

-- Each refund pays all of itself of a balance, or what is left of it: the sum so far is all that was refunded less what it ever exceeded the balance by.
limits as (
    select
        running.*,
        {%- for balance in balances %}
        refunded_so_far_minor + least(min({{ balance }}_minor - refunded_so_far_minor) {{ so_far }}, 0) as {{ balance }}_limit_minor{{ ',' if not loop.last }}
        {%- endfor %}
    from running
    where refunded_minor <> 0
),

-- A balance that shrank after it was paid out takes nothing back.
paid as (
    select
        limits.*,
        {%- for balance in balances %}
        max({{ balance }}_limit_minor) {{ so_far }} as {{ balance }}_paid_minor{{ ',' if not loop.last }}
        {%- endfor %}
    from limits
),

changes as (
    select
        paid.*,
        {%- for balance in balances %}
        {{ balance }}_paid_minor - lag({{ balance }}_paid_minor, 1, 0) over ({{ order }}) as {{ balance }}_change_minor{{ ',' if not loop.last }}
        {%- endfor %}
    from paid
)

select
    invoice_id,
    book,
    source_id as payment_id,
    cast(overpaid_change_minor as {{ dbt.type_bigint() }}) as overpaid_minor,
    cast(greatest(owed_change_minor - overpaid_change_minor, 0) as {{ dbt.type_bigint() }}) as granted_minor
from changes
