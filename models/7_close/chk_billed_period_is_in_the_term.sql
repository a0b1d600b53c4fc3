-- One row per invoice line whose service period lies outside the term of the contract line it bills.
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

terms as (
    select * from {{ ref('contract_terms') }}
    where starts_on is not null and ends_on is not null
),

billings as (
    select * from {{ ref('billings') }}
    where starts_on is not null
)

select
    contracts.entity_id,
    contracts.book,
    'billed_period_is_in_the_term' as rule,
    'review' as severity,
    billings.issued_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    billings.invoice_line_id as source_id,
    concat(cast(terms.starts_on as {{ dbt.type_string() }}), ' to ', cast(terms.ends_on as {{ dbt.type_string() }})) as expected,
    concat(cast(billings.starts_on as {{ dbt.type_string() }}), ' to ', cast(billings.ends_on as {{ dbt.type_string() }})) as actual,
    concat(
        'Invoice ', billings.invoice_id, ' bills line ', terms.line_id, ' of contract ', contracts.contract_id, ' from ',
        cast(billings.starts_on as {{ dbt.type_string() }}), ' to ', cast(billings.ends_on as {{ dbt.type_string() }}),
        '; the line runs from ', cast(terms.starts_on as {{ dbt.type_string() }}), ' to ', cast(terms.ends_on as {{ dbt.type_string() }}), '.'
    ) as explanation,
    billings.known_at as first_seen_at
from billings
inner join contracts
    on billings.contract_key = contracts.contract_key
inner join terms
    on billings.line_key = terms.line_key
where billings.starts_on < terms.starts_on or billings.ends_on > terms.ends_on
