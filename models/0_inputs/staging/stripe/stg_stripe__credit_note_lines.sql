-- One row per credit note line, net of its discounts and of tax; a note without lines is one line that names no invoice line.
with notes as (
    select * from {{ ref('base_stripe__credit_notes') }}
),

issued as (
    select credit_note_id
    from {{ ref('stg_stripe__credit_notes') }}
),

lines as (
    select * from {{ ref('base_stripe__credit_note_lines') }}
),

itemised as (
    select
        'stripe:' || credit_note as credit_note_id,
        'stripe:' || id as credit_note_line_id,
        'stripe:' || invoice_line_item as invoice_line_id,
        amount - coalesce(discount_amount, 0) - inclusive_tax_amount as amount_minor,
        exclusive_tax_amount + inclusive_tax_amount as tax_amount_minor,
        _recorded_at as recorded_at
    from lines
),

totals as (
    select
        'stripe:' || id as credit_note_id,
        'stripe:' || id || ':total' as credit_note_line_id,
        cast(null as {{ dbt.type_string() }}) as invoice_line_id,
        coalesce(total_excluding_tax, total) as amount_minor,
        total - coalesce(total_excluding_tax, total) as tax_amount_minor,
        _recorded_at as recorded_at
    from notes
    where line_count = 0
),

together as (
    select * from itemised
    union all
    select * from totals
)

select
    together.credit_note_id,
    together.credit_note_line_id,
    together.invoice_line_id,
    together.amount_minor,
    together.tax_amount_minor,
    'stripe' as source_system,
    together.recorded_at
from together
inner join issued
    on together.credit_note_id = issued.credit_note_id
