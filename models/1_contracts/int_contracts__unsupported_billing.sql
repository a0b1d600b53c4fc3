-- One row per contract and fact of its billing that the engine cannot account for yet.
with billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

invoice_events as (
    select * from {{ ref('input_invoice_events') }}
),

mixed as (
    select invoice_id
    from billed_lines
    group by invoice_id, book
    having count(distinct case when is_invoice_only then 1 else 0 end) > 1
),

repeated as (
    select invoice_id
    from invoice_events
    where kind = 'write_off'
    group by invoice_id
    having count(*) > 1
),

excluded as (
    select distinct invoice_id
    from invoice_events
    where kind = 'exclude'
),

written_off as (
    select distinct invoice_id
    from invoice_events
    where kind = 'write_off'
),

reasons as (
    select
        billed_lines.contract_key,
        concat('invoice ', billed_lines.invoice_id, ' bills a contract and promises of its own') as reason
    from billed_lines
    inner join mixed
        on billed_lines.invoice_id = mixed.invoice_id
    union all
    select
        billed_lines.contract_key,
        concat('invoice ', billed_lines.invoice_id, ' of a contract is excluded') as reason
    from billed_lines
    inner join excluded
        on billed_lines.invoice_id = excluded.invoice_id
    where not billed_lines.is_invoice_only
    union all
    select
        billed_lines.contract_key,
        concat('invoice ', billed_lines.invoice_id, ' is written off more than once') as reason
    from billed_lines
    inner join repeated
        on billed_lines.invoice_id = repeated.invoice_id
    union all
    select
        billed_lines.contract_key,
        concat('the write-off of invoice ', billed_lines.invoice_id, ' is a price concession by policy: state it as a price component') as reason
    from billed_lines
    inner join written_off
        on billed_lines.invoice_id = written_off.invoice_id
    inner join books
        on
            billed_lines.entity_id = books.entity_id
            and billed_lines.book = books.book
    where books.write_off = 'price_concession' and not billed_lines.is_invoice_only
    union all
    -- Without the credit the contracts it is for would show wrong numbers.
    select
        billed_lines.contract_key,
        concat('credit note ', notes.credit_note_id, ' names no invoice and credits lines of several: split it')
    from {{ ref('input_credit_note_lines') }} as lines
    inner join {{ ref('input_credit_notes') }} as notes
        on lines.credit_note_id = notes.credit_note_id
    inner join billed_lines
        on lines.invoice_line_id = billed_lines.invoice_line_id
    where notes.invoice_id is null and notes.voided_on is null
    union all
    select
        billed_lines.contract_key,
        concat('invoice ', billed_lines.invoice_id, ' is in ', billed_lines.currency, ' or of another entity') as reason
    from billed_lines
    inner join agreed
        on billed_lines.contract_key = agreed.contract_key
    where billed_lines.currency <> agreed.currency or billed_lines.entity_id <> agreed.entity_id
)

select distinct
    contract_key,
    reason
from reasons
