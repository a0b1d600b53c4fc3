-- Cash posted twice, or not at all, leaves the bank account and the books apart.
with books as (
    select
        entity_id,
        book,
        functional_currency
    from {{ ref('entity_books') }}
),

contracts as (
    select
        contract_id,
        book
    from {{ ref('contracts') }}
),

invoices as (
    select distinct
        invoice_id,
        book
    from {{ ref('int_ledger__invoice_contracts') }}
),

-- A payment of a contract that is not accounted for waits with it. A balance applied to what is paid already stays; one that an invoice
-- leaves the customer is posted with the invoice.
expected as (
    select
        payments.payment_id,
        books.book
    from {{ ref('input_payments') }} as payments
    inner join books
        on payments.entity_id = books.entity_id
    left join invoices
        on
            payments.invoice_id = invoices.invoice_id
            and books.book = invoices.book
    left join contracts
        on
            payments.contract_id = contracts.contract_id
            and books.book = contracts.book
    where
        payments.kind not in ('payout', 'balance_applied')
        and payments.payment_id not in (select payment_id from {{ ref('balances_of_invoices') }})
        and {{ period_number('payments.occurred_on') }} <= {{ through_period_no() }}
        and case
            when payments.invoice_id is not null then invoices.invoice_id is not null
            when payments.contract_id is not null then contracts.contract_id is not null
            else payments.currency = books.functional_currency
        end
),

-- What was paid before an opening balance is inside it.
opened as (
    select distinct
        documents.source_id as payment_id,
        parties.book
    from {{ ref('opening_documents') }} as documents
    inner join {{ ref('posting_parties') }} as parties
        on documents.contract_key = parties.contract_key
    where documents.source_type = 'payment'
),

-- A correction is an entry of its own; a payment that was booked elsewhere first has left there without a trace in any role.
moved as (
    select
        entries.source_id as payment_id,
        entries.book,
        entries.contract_key,
        lines.role,
        sum(lines.debit - lines.credit) as amount,
        count(distinct case when entries.corrects_entry_id is null then entries.entry_id end) as entries
    from {{ ref('journal_entries') }} as entries
    inner join {{ ref('journal_lines') }} as lines
        on entries.entry_id = lines.entry_id
    -- What a signed contract makes of a deposit moves no cash.
    where entries.source_type = 'payment' and entries.entry_type <> 'deposit_applied'
    group by entries.source_id, entries.book, entries.contract_key, lines.role
),

shared as (
    select
        payment_id,
        book,
        count(*) as contracts
    from {{ ref('int_ledger__placed_payments') }}
    group by payment_id, book
),

places as (
    select
        payment_id,
        book,
        contract_key,
        max(entries) as entries
    from moved
    where amount <> 0
    group by payment_id, book, contract_key
),

-- What pays several contracts of one invoice is an entry in each.
posted as (
    select
        places.payment_id,
        places.book,
        case when max(places.entries) = 1 and count(*) <= max(coalesce(shared.contracts, 1)) then 1 else sum(places.entries) end as entries
    from places
    left join shared
        on
            places.payment_id = shared.payment_id
            and places.book = shared.book
    group by places.payment_id, places.book
)

select
    expected.payment_id,
    expected.book,
    coalesce(posted.entries, 0) as entries
from expected
left join posted
    on
        expected.payment_id = posted.payment_id
        and expected.book = posted.book
left join opened
    on
        expected.payment_id = opened.payment_id
        and expected.book = opened.book
where coalesce(posted.entries, 0) <> case when opened.payment_id is null then 1 else 0 end
