-- One row per invoice line (or invoice, where the note names no line) credited for more than it billed (invariant 50).
with billings as (
    select
        billings.*,
        contracts.entity_id,
        contracts.book,
        contracts.contract_id,
        contracts.is_invoice_only,
        contracts.minor_units
    from {{ ref('billings') }} as billings
    inner join {{ ref('contracts') }} as contracts
        on billings.contract_key = contracts.contract_key
),

notes as (
    select * from {{ ref('credited_lines') }}
),

targets as (
    select
        entity_id,
        book,
        min(contract_id) as contract_id,
        invoice_id,
        invoice_line_id,
        max(minor_units) as minor_units,
        sum(amount_minor + pass_through_minor) as billed_minor
    from billings
    group by entity_id, book, invoice_id, invoice_line_id
    union all
    select
        entity_id,
        book,
        min(contract_id) as contract_id,
        invoice_id,
        cast(null as {{ dbt.type_string() }}) as invoice_line_id,
        max(minor_units) as minor_units,
        -- Without a line a note takes back the price of a contract's bill, and all of an invoice of its own.
        sum(amount_minor + case when is_invoice_only then pass_through_minor else 0 end) as billed_minor
    from billings
    group by entity_id, book, invoice_id
),

credited as (
    select
        targets.entity_id,
        targets.book,
        targets.contract_id,
        targets.invoice_id,
        coalesce(targets.invoice_line_id, targets.invoice_id) as credited_id,
        targets.minor_units,
        targets.billed_minor,
        sum(notes.amount_minor) as credited_minor,
        max(notes.issued_on) as issued_on,
        max(notes.credit_note_id) as credit_note_id,
        max(notes.known_at) as known_at
    from targets
    inner join notes
        on
            targets.invoice_id = notes.invoice_id
            and coalesce(targets.invoice_line_id, '') = coalesce(notes.invoice_line_id, '')
    group by
        targets.entity_id, targets.book, targets.contract_id, targets.invoice_id, targets.invoice_line_id, targets.minor_units,
        targets.billed_minor
),

exceeding as (
    select
        credited.*,
        cast({{ to_major('cast(billed_minor as ' ~ dbt.type_bigint() ~ ')') }} as {{ dbt.type_string() }}) as billed,
        cast({{ to_major('cast(credited_minor as ' ~ dbt.type_bigint() ~ ')') }} as {{ dbt.type_string() }}) as credited
    from credited
    where credited_minor > billed_minor
)

select
    entity_id,
    book,
    'credit_is_within_the_invoice_line' as rule,
    'block' as severity,
    issued_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    credit_note_id as source_id,
    concat('at most ', billed) as expected,
    credited as actual,
    concat('Credit note ', credit_note_id, ' brings the credits of ', credited_id, ' to ', credited, '; ', billed, ' was billed.') as explanation,
    known_at as first_seen_at
from exceeding
