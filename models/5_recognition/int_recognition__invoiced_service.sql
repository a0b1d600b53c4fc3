-- One row per invoice line with a service period that a right to invoice earns: a schedule of its own, spread over that service (606-10-55-18).
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

terms as (
    select * from {{ ref('contract_terms') }}
    where recognition_method = 'as_invoiced'
),

billings as (
    select * from {{ ref('billings') }}
    where starts_on is not null and ends_on is not null and amount_minor <> 0
)

select
    terms.contract_key,
    terms.line_key,
    {{ text_key(['terms.line_key', 'billings.invoice_id', 'billings.invoice_line_id']) }} as schedule_key,
    billings.starts_on,
    billings.ends_on,
    billings.amount_minor,
    contracts.straight_line,
    contracts.straight_line_days,
    terms.not_before_on
from billings
inner join terms
    on billings.line_key = terms.line_key
inner join contracts
    on terms.contract_key = contracts.contract_key
