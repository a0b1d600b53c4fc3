-- One row per posting of an event in sequence, as the fold returned it.
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
    select * from {{ ref('invoice_only_events') }}
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
        case when events.kind in ('issue') then 'invoice' when events.kind = 'refund_of_credit_note' then 'refund' else events.kind end as entry_type,
        events.source_type,
        events.source_id,
        events.occurred_on as entry_on,
        case
            when movements.role in ('refunds', 'disputes', 'credit_notes', 'voids') and not parties.has_contra_accounts then 'revenue'
            else movements.role
        end as role,
        movements.amount_minor
    from movements
    inner join events
        on
            movements.contract_key = events.contract_key
            and movements.event_no = events.event_no
    inner join parties
        on movements.contract_key = parties.contract_key
    left join first_lines
        on movements.obligation_key = first_lines.obligation_key
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
from named
group by contract_key, line_key, entry_type, source_type, source_id, entry_on, role
having sum(amount_minor) <> 0
