-- One row per posting of an event in sequence, as the fold returned it; but for what a bill posts by its lines, in int_ledger__billing.
with folded as (
    select * from {{ ref('folded_invoices') }}
),

movements as (
    select
        folded.contract_key,
        {{ json_field(0, 'bigint') }} as event_no,
        {{ json_field(1, 'bigint') }} as obligation_key,
        {{ json_field(2, 'string') }} as role,
        {{ json_field(3, 'bigint') }} as amount_minor
    from {{ json_rows_join('folded', 'folded.folded', 'movements') }}
),

events as (
    select
        *,
        kind = 'issue' and event_no = 1 as is_posted_by_line
    from {{ ref('invoice_only_events') }}
),

first_lines as (
    select
        obligation_key,
        min(line_key) as line_key
    from {{ ref('obligation_lines') }}
    where line_no is not null
    group by obligation_key
),

parties as (
    select
        contract_key,
        has_contra_accounts
    from {{ ref('contracts') }}
),

named as (
    select
        events.contract_key,
        first_lines.line_key,
        case
            when events.kind = 'issue' then 'invoice'
            when events.kind = 'refund_of_credit_note' then 'refund'
            when events.kind = 'payment' and events.manner = 'customer_balance' then 'balance_applied'
            when events.kind = 'payment' and events.manner = 'customer_deposit' then 'deposit_applied'
            else events.kind
        end as entry_type,
        events.source_type,
        events.source_id,
        events.occurred_on as entry_on,
        case
            when movements.role in ('refunds', 'disputes', 'credit_notes', 'voids') and not parties.has_contra_accounts then 'revenue'
            else movements.role
        end as role,
        movements.amount_minor,
        events.is_posted_by_line
    from movements
    inner join events
        on
            movements.contract_key = events.contract_key
            and movements.event_no = events.event_no
    inner join parties
        on movements.contract_key = parties.contract_key
    left join first_lines
        on movements.obligation_key = first_lines.obligation_key
    where not (events.is_posted_by_line and movements.role in ('accounts_receivable', 'deferred_revenue', 'tax_payable', 'pass_through_payable'))
),

-- What a bill below zero leaves the customer is taken out of the receivable that its lines post.
postings as (
    select * from named
    union all
    select
        contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        'accounts_receivable' as role,
        -amount_minor as amount_minor,
        is_posted_by_line
    from named
    where is_posted_by_line
)

select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    entry_on,
    entry_type as cause,
    role,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from postings
group by contract_key, line_key, entry_type, source_type, source_id, entry_on, role
having sum(amount_minor) <> 0
