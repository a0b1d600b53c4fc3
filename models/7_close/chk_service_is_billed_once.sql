-- One row per invoice that bills service of a contract another invoice has billed for the same line, period and amount.
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

invoiced as (
    select
        invoice_id,
        sum(amount_minor) as net_minor
    from {{ ref('input_invoice_lines') }}
    group by invoice_id
),

credited as (
    select
        notes.invoice_id,
        sum(lines.amount_minor) as net_minor
    from {{ ref('input_credit_notes') }} as notes
    inner join {{ ref('input_credit_note_lines') }} as lines
        on notes.credit_note_id = lines.credit_note_id
    where notes.voided_on is null
    group by notes.invoice_id
),

-- A bill that was voided, or credited in full, was taken back.
taken_back as (
    select invoice_id
    from {{ ref('input_invoice_events') }}
    where kind = 'void'
    union distinct
    select invoiced.invoice_id
    from invoiced
    inner join credited
        on invoiced.invoice_id = credited.invoice_id
    where credited.net_minor >= invoiced.net_minor
),

billed as (
    select billings.*
    from {{ ref('billings') }} as billings
    left join taken_back
        on billings.invoice_id = taken_back.invoice_id
    where taken_back.invoice_id is null and billings.amount_minor > 0 and billings.starts_on is not null and billings.line_key is not null
),

repeated as (
    select
        billed.*,
        lag(invoice_id) over (
            partition by contract_key, line_key, starts_on, ends_on, amount_minor order by issued_on, invoice_id, invoice_line_id
        ) as earlier_invoice_id
    from billed
),

pairs as (
    select
        contract_key,
        invoice_id,
        earlier_invoice_id,
        min(issued_on) as issued_on,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        count(*) as line_count,
        max(known_at) as known_at
    from repeated
    where earlier_invoice_id <> invoice_id
    group by contract_key, invoice_id, earlier_invoice_id
)

select
    contracts.entity_id,
    contracts.book,
    'service_is_billed_once' as rule,
    'review' as severity,
    pairs.issued_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    pairs.invoice_id as source_id,
    concat('one bill, on invoice ', pairs.earlier_invoice_id) as expected,
    concat(cast(pairs.line_count as {{ dbt.type_string() }}), ' lines of invoice ', pairs.earlier_invoice_id, ' billed again') as actual,
    concat(
        'Invoice ', pairs.invoice_id, ' bills service from ', cast(pairs.starts_on as {{ dbt.type_string() }}), ' to ',
        cast(pairs.ends_on as {{ dbt.type_string() }}), ' of contract ', contracts.contract_id, ' that invoice ',
        pairs.earlier_invoice_id, ' billed for the same amount.'
    ) as explanation,
    pairs.known_at as first_seen_at
from pairs
inner join contracts
    on pairs.contract_key = contracts.contract_key
