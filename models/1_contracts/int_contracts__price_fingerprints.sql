-- One row per row of a contract's versions, price components, estimates and instalments: a fingerprint of it.
with contracts as (
    select
        contract_key,
        contract_id
    from {{ ref('known_contracts') }}
),

versions as (
    select * from {{ ref('input_contract_versions') }}
),

components as (
    select * from {{ ref('input_price_components') }}
),

estimates as (
    select * from {{ ref('input_price_estimates') }}
),

schedules as (
    select * from {{ ref('input_payment_schedules') }}
)

select
    contracts.contract_key,
    {{ row_fingerprint([
        'versions.version', 'versions.agreed_on', 'versions.effective_on', 'versions.change', 'versions.treatment', 'versions.voided_on',
        'versions.recorded_at',
    ]) }} as fingerprint
from versions
inner join contracts
    on versions.contract_id = contracts.contract_id
union all
select
    contracts.contract_key,
    {{ row_fingerprint([
        'components.component_id', 'components.kind', 'components.origin_version', 'components.lines', 'components.period_starts_on',
        'components.period_ends_on', 'components.rate', 'components.exclusive',
    ]) }} as fingerprint
from components
inner join contracts
    on components.contract_id = contracts.contract_id
union all
select
    contracts.contract_key,
    {{ row_fingerprint([
        'estimates.component_id', 'estimates.estimated_on', 'estimates.method', 'estimates.scenario', 'estimates.amount_minor',
        'estimates.probability', 'estimates.constrained_to_minor', 'estimates.book',
    ]) }} as fingerprint
from estimates
inner join components
    on estimates.component_id = components.component_id
inner join contracts
    on components.contract_id = contracts.contract_id
union all
select
    contracts.contract_key,
    {{ row_fingerprint(['schedules.due_on', 'schedules.amount_minor', 'schedules.line_id']) }} as fingerprint
from schedules
inner join contracts
    on schedules.contract_id = contracts.contract_id
