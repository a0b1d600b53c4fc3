-- One row per posted credit note whose parts of liability, refund liability and revenue do not come to its net amount (invariant 51).
with notes as (
    select
        notes.credit_note_id,
        max(notes.issued_on) as issued_on,
        max(notes.recorded_at) as recorded_at,
        sum(lines.amount_minor) as net_minor,
        sum(coalesce(lines.tax_amount_minor, 0)) as tax_minor
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    where notes.voided_on is null
    group by notes.credit_note_id
),

-- Of a bill whose right comes later a note takes back what it bills itself: the entry shows the difference.
moves as (
    select contract_key, source_id, role, amount_minor
    from {{ ref('ledger_postings') }}
    where entry_type = 'credit_note' and source_type = 'credit_note'
    union all
    select contract_key, source_id, role, amount_minor
    from {{ ref('billed_parts') }}
    where entry_type = 'credit_note' and {{ period_number('occurred_on') }} <= {{ through_period_no() }}
),

-- Whatever is not owed by or to the customer, was not lost of it before, nor is tax, is price or was passed through.
posted as (
    select
        contract_key,
        source_id as credit_note_id,
        sum(case
            when role not in ('accounts_receivable', 'bad_debt', 'customer_balance', 'cash', 'external_asset', 'tax_payable') then amount_minor
            else 0
        end) as net_minor,
        sum(case when role = 'tax_payable' then amount_minor else 0 end) as tax_minor
    from moves
    group by contract_key, source_id
),

by_book as (
    select
        contracts.entity_id,
        contracts.book,
        posted.credit_note_id,
        min(contracts.contract_id) as contract_id,
        max(contracts.minor_units) as minor_units,
        cast(sum(posted.net_minor) as {{ dbt.type_bigint() }}) as net_minor,
        cast(sum(posted.tax_minor) as {{ dbt.type_bigint() }}) as tax_minor
    from posted
    inner join {{ ref('contracts') }} as contracts
        on posted.contract_key = contracts.contract_key
    group by contracts.entity_id, contracts.book, posted.credit_note_id
),

wrong as (
    select
        by_book.*,
        notes.issued_on,
        notes.recorded_at,
        concat(
            cast({{ to_major('cast(notes.net_minor as ' ~ dbt.type_bigint() ~ ')', 'by_book.minor_units') }} as {{ dbt.type_string() }}), ' and tax of ',
            cast({{ to_major('cast(notes.tax_minor as ' ~ dbt.type_bigint() ~ ')', 'by_book.minor_units') }} as {{ dbt.type_string() }})
        ) as stated,
        concat(
            cast({{ to_major('by_book.net_minor', 'by_book.minor_units') }} as {{ dbt.type_string() }}), ' and tax of ',
            cast({{ to_major('by_book.tax_minor', 'by_book.minor_units') }} as {{ dbt.type_string() }})
        ) as split
    from by_book
    inner join notes
        on by_book.credit_note_id = notes.credit_note_id
    where by_book.net_minor <> notes.net_minor or by_book.tax_minor <> notes.tax_minor
)

select
    entity_id,
    book,
    'credit_note_is_split_in_full' as rule,
    'block' as severity,
    issued_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    credit_note_id as source_id,
    stated as expected,
    split as actual,
    concat('Credit note ', credit_note_id, ' is for ', stated, '; its entries take back ', split, '.') as explanation,
    recorded_at as first_seen_at
from wrong
