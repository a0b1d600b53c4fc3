-- One row per credit note line and invoice line it credits. One that names none of a contract's invoice is spread by what each line bills,
-- less what was credited of it before: price by price, tax by tax. Of an invoice of its own the fold knows what is left of each line.
with notes as (
    select
        notes.credit_note_id,
        notes.invoice_id,
        notes.issued_on,
        notes.reason,
        notes.settled_by,
        lines.credit_note_line_id,
        lines.invoice_line_id,
        greatest(notes.recorded_at, lines.recorded_at) as known_at,
        lines.amount_minor,
        coalesce(lines.tax_amount_minor, 0) as tax_minor
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    where notes.voided_on is null
),

unnamed as (
    select distinct invoice_id from notes where invoice_line_id is null
),

invoices as (
    select distinct billings.invoice_id
    from {{ ref('known_billings') }} as billings
    inner join unnamed
        on billings.invoice_id = unnamed.invoice_id
    inner join {{ ref('known_contracts') }} as contracts
        on billings.contract_key = contracts.contract_key
    where not contracts.is_invoice_only
),

billed as (
    select
        lines.invoice_id,
        lines.invoice_line_id,
        row_number() over (partition by lines.invoice_id order by lines.invoice_line_id) as line_no,
        case when lines.kind in ('tax', 'pass_through') then 0 else lines.amount_minor end as billed_net_minor,
        coalesce(lines.tax_amount_minor, 0) + case when lines.kind = 'tax' then lines.amount_minor else 0 end as billed_tax_minor
    from {{ ref('input_invoice_lines') }} as lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
),

-- On one day what names its line comes first.
{% set before = 'partition by billed.invoice_line_id order by notes.issued_on, case when notes.invoice_line_id is null then 1 else 0 end,
                notes.credit_note_id, notes.credit_note_line_id' -%}
weighed as (
    select
        notes.*,
        billed.invoice_line_id as billed_line_id,
        billed.line_no,
        {% for billed, credited in [('billed_net_minor', 'amount_minor'), ('billed_tax_minor', 'tax_minor')] -%}
            greatest({{ billed }} - coalesce(sum(case when notes.invoice_line_id = billed.invoice_line_id then notes.{{ credited }} else 0 end) over (
                {{ before }} rows between unbounded preceding and 1 preceding
            ), 0), 0) as {{ credited }}_weight{{ ',' if not loop.last }}
        {% endfor %}
    from notes
    inner join billed
        on notes.invoice_id = billed.invoice_id
),

{% set in_order = 'partition by billed_line_id order by issued_on, credit_note_id, credit_note_line_id' -%}
spread as (
    select
        weighed.*,
        {% for credited in ['amount_minor', 'tax_minor'] -%}
            sum({{ credited }}) over ({{ in_order }} rows between unbounded preceding and current row) as {{ credited }}_so_far,
            sum({{ credited }}_weight) over (
                partition by credit_note_line_id order by line_no rows between unbounded preceding and current row
            ) as {{ credited }}_upto,
            sum({{ credited }}_weight) over (partition by credit_note_line_id) as {{ credited }}_whole{{ ',' if not loop.last }}
        {% endfor %}
    from weighed
    where invoice_line_id is null
),

-- The sum so far is shared; the part of one note is the difference.
cumulative as (
    select
        spread.*,
        {% for credited in ['amount_minor', 'tax_minor'] -%}
            {{ weighed_share(credited ~ '_so_far', 'line_no', credited ~ '_weight', credited ~ '_upto', credited ~ '_whole') }}
                as {{ credited }}_shared{{ ',' if not loop.last }}
        {% endfor %}
    from spread
),

parts as (
    select
        cumulative.*,
        {% for credited in ['amount_minor', 'tax_minor'] -%}
            cast({{ credited }}_shared - lag({{ credited }}_shared, 1, 0) over ({{ in_order }}) as {{ dbt.type_bigint() }})
                as {{ credited }}_part{{ ',' if not loop.last }}
        {% endfor %}
    from cumulative
)

select notes.*
from notes
left join invoices
    on notes.invoice_id = invoices.invoice_id
where notes.invoice_line_id is not null or invoices.invoice_id is null
union all
select
    credit_note_id,
    invoice_id,
    issued_on,
    reason,
    settled_by,
    credit_note_line_id,
    billed_line_id as invoice_line_id,
    known_at,
    amount_minor_part as amount_minor,
    tax_minor_part as tax_minor
from parts
where amount_minor_part <> 0 or tax_minor_part <> 0
