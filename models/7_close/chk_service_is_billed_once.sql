-- One row per invoice line that bills a contract line for a service period another invoice has billed for the same amount.
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

voided as (
    select invoice_id
    from {{ ref('input_invoice_events') }}
    where kind = 'void'
),

billed as (
    select billings.*
    from {{ ref('billings') }} as billings
    left join voided
        on billings.invoice_id = voided.invoice_id
    where voided.invoice_id is null and billings.amount_minor > 0 and billings.starts_on is not null and billings.line_key is not null
),

repeated as (
    select
        billed.*,
        lag(invoice_id) over (
            partition by contract_key, line_key, starts_on, ends_on, amount_minor order by issued_on, invoice_id, invoice_line_id
        ) as earlier_invoice_id
    from billed
)

select
    contracts.entity_id,
    contracts.book,
    'service_is_billed_once' as rule,
    'review' as severity,
    repeated.issued_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    repeated.invoice_line_id as source_id,
    concat('one bill, on invoice ', repeated.earlier_invoice_id) as expected,
    concat('billed again on invoice ', repeated.invoice_id) as actual,
    concat(
        'Invoice ', repeated.invoice_id, ' bills the service from ', cast(repeated.starts_on as {{ dbt.type_string() }}), ' to ',
        cast(repeated.ends_on as {{ dbt.type_string() }}), ' of contract ', contracts.contract_id, ' that invoice ',
        repeated.earlier_invoice_id, ' billed for the same amount.'
    ) as explanation,
    repeated.known_at as first_seen_at
from repeated
inner join contracts
    on repeated.contract_key = contracts.contract_key
where repeated.earlier_invoice_id is not null and repeated.earlier_invoice_id <> repeated.invoice_id
