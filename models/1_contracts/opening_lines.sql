-- One row per line of a contract that was opened from an earlier system: what was recognised and billed before the period it begins with.
with contracts as (
    select * from {{ ref('opening_contracts') }}
),

openings as (
    select * from {{ ref('int_contracts__openings') }}
),

terms as (
    select * from {{ ref('known_contract_terms') }}
)

select
    terms.contract_key,
    terms.line_key,
    terms.line_id,
    contracts.period_no,
    contracts.starts_on,
    contracts.opened_on,
    coalesce(openings.recognized_minor, 0) as recognized_minor,
    coalesce(openings.billed_minor, 0) as billed_minor,
    openings.progress_to_date,
    -- What its use or its invoices price has no amount but the one that was accepted.
    terms.recognition_method in ('usage', 'as_invoiced', 'on_invoice') as is_priced_by_facts
from terms
inner join contracts
    on terms.contract_key = contracts.contract_key
left join openings
    on
        terms.contract_key = openings.contract_key
        and terms.line_id = openings.line_id
