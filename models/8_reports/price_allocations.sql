-- One row per contract version, line and price component: its standalone price, its weight and its share of the transaction price.
with allocations as (
    select * from {{ ref('allocations') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

terms as (
    select * from {{ ref('contract_terms') }}
),

obligation_lines as (
    select
        line_key,
        obligation_id
    from {{ ref('obligation_lines') }}
)

select
    contracts.entity_id,
    contracts.book,
    contracts.contract_id,
    terms.version,
    terms.line_id,
    obligation_lines.obligation_id,
    'fixed' as component,
    {{ to_major('allocations.ssp_minor', 'contracts.minor_units') }} as ssp,
    {{ to_major('allocations.weight', 'contracts.minor_units') }} as weight,
    {{ to_major('allocations.allocated_minor', 'contracts.minor_units') }} as amount,
    allocations.basis
from allocations
inner join contracts
    on allocations.contract_key = contracts.contract_key
inner join terms
    on allocations.line_key = terms.line_key
inner join obligation_lines
    on allocations.line_key = obligation_lines.line_key
