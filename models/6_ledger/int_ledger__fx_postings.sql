-- One row per posting of a contract in a foreign currency to compute anew, with what decides its functional amount (ASC 830, IAS 21).
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

postings as (
    select
        postings.*,
        foreign_contracts.currency,
        foreign_contracts.functional_currency
    from {{ ref('ledger_postings') }} as postings
    inner join changed
        on postings.contract_key = changed.contract_key
    inner join foreign_contracts
        on postings.contract_key = foreign_contracts.contract_key
    -- A journal of a person is translated at its own rate and leaves the layers alone.
    where postings.entry_type <> 'manual'
),

treatments as (
    select * from {{ ref('currency_treatments') }}
),

spot_rates as (
    select * from {{ ref('exchange_rates') }}
    where kind = 'spot'
),

documents as (
    select
        'payment' as source_type,
        payment_id as source_id,
        invoice_id
    from {{ ref('input_payments') }}
    where invoice_id is not null
    union all
    select
        'credit_note' as source_type,
        credit_note_id as source_id,
        invoice_id
    from {{ ref('input_credit_notes') }}
    where invoice_id is not null
    union all
    select
        'invoice_event' as source_type,
        event_id as source_id,
        invoice_id
    from {{ ref('input_invoice_events') }}
)

select
    postings.contract_key,
    row_number() over (
        partition by postings.contract_key
        order by
            postings.entry_on, postings.entry_type, postings.source_type, coalesce(postings.source_id, ''), postings.cause,
            coalesce(postings.line_key, 0), postings.role
    ) as posting_no,
    dense_rank() over (
        partition by postings.contract_key
        order by postings.entry_on, postings.entry_type, postings.source_type, coalesce(postings.source_id, ''), postings.cause
    ) as entry_no,
    -- On one day what bills comes before what pays, and what pays before what is taken back.
    case
        when postings.entry_type = 'invoice' then 1
        when postings.entry_type in ('credit_note', 'credit_note_reversal') then 3
        when postings.entry_type in ('void', 'write_off', 'exclude') then 4
        when postings.entry_type in ('refund', 'dispute', 'dispute_won') then 5
        else 2
    end as precedence,
    postings.line_key,
    postings.entry_type,
    postings.source_type,
    postings.source_id,
    postings.entry_on,
    postings.period_no,
    postings.cause,
    postings.role,
    coalesce(treatments.treatment, 'income') as treatment,
    coalesce({{ key_of("case when postings.source_type = 'invoice' then postings.source_id else documents.invoice_id end") }}, 0) as document_key,
    postings.amount_minor,
    -- Every day of an accounted contract has a rate; a zero would fail the control of invariant 55.
    coalesce(spot_rates.rate_atto, 0) as rate_atto
from postings
left join treatments
    on postings.role = treatments.role
left join documents
    on
        postings.source_type = documents.source_type
        and postings.source_id = documents.source_id
left join spot_rates
    on
        postings.currency = spot_rates.from_currency
        and postings.functional_currency = spot_rates.to_currency
        and postings.entry_on >= spot_rates.valid_from
        and postings.entry_on < spot_rates.valid_before
