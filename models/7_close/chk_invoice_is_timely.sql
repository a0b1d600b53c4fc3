-- One row per invoice line issued more than a month after the service it bills had ended: revenue waited as unbilled.
with contracts as (
    select * from {{ ref('contracts') }}
),

billings as (
    select
        billings.*,
        {{ dbt.datediff('ends_on', 'issued_on', 'day') }} as days_late
    from {{ ref('billings') }} as billings
    where ends_on is not null and amount_minor > 0
)

select
    contracts.entity_id,
    contracts.book,
    'invoice_is_timely' as rule,
    'info' as severity,
    billings.issued_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    billings.invoice_line_id as source_id,
    'at most 31 days after the service' as expected,
    concat(cast(billings.days_late as {{ dbt.type_string() }}), ' days') as actual,
    concat(
        'Invoice ', billings.invoice_id, ' was issued on ', cast(billings.issued_on as {{ dbt.type_string() }}),
        ' for service that ended on ', cast(billings.ends_on as {{ dbt.type_string() }}), '.'
    ) as explanation,
    billings.known_at as first_seen_at
from billings
inner join contracts
    on billings.contract_key = contracts.contract_key
where billings.days_late > 31
