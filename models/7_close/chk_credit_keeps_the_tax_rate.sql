-- One row per line of a credit note whose tax is not the tax of what it takes back, within a minor unit (invariant 50).
with notes as (
    select
        notes.credit_note_id,
        notes.issued_on,
        lines.invoice_line_id,
        lines.credit_note_line_id,
        lines.amount_minor,
        coalesce(lines.tax_amount_minor, 0) as tax_minor,
        greatest(notes.recorded_at, lines.recorded_at) as known_at
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    where notes.voided_on is null and lines.invoice_line_id is not null
),

billed as (
    select
        lines.invoice_line_id,
        lines.amount_minor,
        coalesce(lines.tax_amount_minor, 0) as tax_minor,
        invoices.entity_id,
        lines.contract_id,
        currencies.minor_units
    from {{ ref('input_invoice_lines') }} as lines
    inner join {{ ref('input_invoices') }} as invoices
        on lines.invoice_id = invoices.invoice_id
    inner join {{ ref('currencies') }} as currencies
        on invoices.currency = currencies.currency
    where lines.amount_minor <> 0
),

wrong as (
    select
        notes.*,
        billed.entity_id,
        billed.contract_id,
        cast({{ to_major('notes.tax_minor', 'billed.minor_units') }} as {{ dbt.type_string() }}) as tax,
        cast({{ to_major('notes.amount_minor', 'billed.minor_units') }} as {{ dbt.type_string() }}) as amount,
        concat(
            cast({{ to_major('billed.tax_minor', 'billed.minor_units') }} as {{ dbt.type_string() }}), ' on ',
            cast({{ to_major('billed.amount_minor', 'billed.minor_units') }} as {{ dbt.type_string() }})
        ) as tax_billed
    from notes
    inner join billed
        on notes.invoice_line_id = billed.invoice_line_id
    where
        abs(
            cast(notes.tax_minor as {{ wide_int() }}) * billed.amount_minor - cast(billed.tax_minor as {{ wide_int() }}) * notes.amount_minor
        ) > abs(billed.amount_minor)
)

select
    entity_id,
    cast(null as {{ dbt.type_string() }}) as book,
    'credit_keeps_the_tax_rate' as rule,
    'block' as severity,
    issued_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    credit_note_line_id as source_id,
    concat('tax as billed, ', tax_billed) as expected,
    concat(tax, ' on ', amount) as actual,
    concat('Credit note ', credit_note_id, ' gives back tax of ', tax, ' on ', amount, '; line ', invoice_line_id, ' billed ', tax_billed, '.')
        as explanation,
    known_at as first_seen_at
from wrong
