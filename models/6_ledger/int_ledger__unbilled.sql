{{ config(materialized='view') }}
-- One row per line and period: the change of its unbilled receivable. Only time passes before such service is invoiced (606-10-45-4).
with lines as (
    select
        terms.contract_key,
        terms.line_key
    from {{ ref('contract_terms') }} as terms
    inner join {{ ref('contracts') }} as contracts
        on terms.contract_key = contracts.contract_key
    where terms.is_billed_after_service and contracts.unbilled_presentation = 'by_condition' and not contracts.is_invoice_only
),

movements as (
    select
        movements.contract_key,
        movements.line_key,
        {{ period_number('movements.entry_on') }} as period_no,
        movements.amount_minor
    from {{ ref('int_ledger__movements') }} as movements
    inner join lines
        on movements.line_key = lines.line_key
    where movements.role = 'deferred_revenue'
),

changes as (
    select
        contract_key,
        line_key,
        period_no,
        sum(amount_minor) as amount_minor
    from movements
    group by contract_key, line_key, period_no
),

{{ ahead_of_billing('changes', ['contract_key', 'line_key']) }}

select
    contract_key,
    line_key,
    period_no,
    amount_minor
from reclassified
where amount_minor <> 0
