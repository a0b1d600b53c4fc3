-- One row per delivered credit note line, with its fate in status.
{%- set key = ['credit_note_line_id'] %}
with delivered as (
    select * from {{ ref('int_inputs__delivered_credit_note_lines') }}
),

credit_notes as (
    select * from {{ ref('int_inputs__credit_notes') }} where is_reference
),

invoice_lines as (
    select * from {{ ref('int_inputs__invoice_lines') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        credit_notes.credit_note_id is not null as has_credit_note,
        invoice_lines.invoice_line_id is not null as has_invoice_line,
        credit_notes.invoice_id as credited_invoice_id,
        invoice_lines.invoice_id as billed_invoice_id,
        credit_notes.entity_id,
        currencies.currency,
        currencies.minor_units,
        {{ delivered_minor('amount') }} as amount_minor,
        {{ delivered_minor('tax_amount') }} as tax_amount_minor,
        {{ recorded_or_start_of('credit_notes.issued_on') }} as recorded_at,
        {{ latest_of(['credit_notes.known_at', 'invoice_lines.known_at']) }} as referred_known_at
    from delivered
    left join credit_notes
        on delivered.credit_note_id = credit_notes.credit_note_id
    left join invoice_lines
        on delivered.invoice_line_id = invoice_lines.invoice_line_id
    -- Where the note names no invoice the one its line bills is credited.
    left join currencies
        on case when credit_notes.invoice_id is null then coalesce(invoice_lines.currency, credit_notes.currency) else credit_notes.currency end
            = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_credit_note then {{ no_such('credit note', 'credit_note_id') }}
            when invoice_line_id is not null and not has_invoice_line
                then {{ no_such('invoice line', 'invoice_line_id') }}
            when billed_invoice_id <> credited_invoice_id
                then {{ problem('invoice_line_id', 'invoice_line_id', "'the line is of another invoice than the one its credit note names'") }}
            {{ amount_problems('amount') }}
            {{ amount_problems('tax_amount') }}
            when amount_minor <= 0 then {{ problem('amount', plain_number('amount'), "'amount must be above zero'") }}
            {{ repetition_problems(key, 'credit_note_line_id', 'this credit_note_line_id', is_dated=false) }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
