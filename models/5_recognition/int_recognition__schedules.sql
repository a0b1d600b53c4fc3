-- One row per slice of a recognition schedule: a term, or the one day on which an amount is earned.
with obligations as (
    select * from {{ ref('obligations') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

sequenced as (
    select distinct contract_key
    from {{ ref('invoice_only_events') }}
),

prices as (
    select
        obligation_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by obligation_key
),

-- A contract whose events have an order is folded instead (slices); one with a history has no row in allocations.
priced as (
    select
        obligations.*,
        prices.allocated_minor,
        contracts.straight_line,
        contracts.straight_line_days
    from obligations
    inner join prices
        on obligations.obligation_key = prices.obligation_key
    inner join contracts
        on obligations.contract_key = contracts.contract_key
    left join sequenced
        on obligations.contract_key = sequenced.contract_key
    where sequenced.contract_key is null
),

terms as (
    select
        contract_key,
        obligation_key as schedule_key,
        starts_on as slice_from_on,
        ends_on as slice_to_on,
        starts_on as schedule_from_on,
        ends_on as schedule_to_on,
        allocated_minor as schedule_minor,
        straight_line as convention,
        straight_line_days as days_rule,
        not_before_on,
        'schedule' as cause
    from priced
    where recognition_method = 'straight_line'
),

delivered as (
    select
        priced.contract_key,
        priced.obligation_key,
        greatest(deliveries.satisfied_on, coalesce(priced.not_before_on, deliveries.satisfied_on)) as earned_on,
        {{ rounded_share('priced.allocated_minor', 'deliveries.part', 'deliveries.whole', wide=true) }} as earned_minor,
        deliveries.satisfied_on
    from priced
    inner join {{ ref('int_recognition__delivered') }} as deliveries
        on priced.obligation_key = deliveries.obligation_key
),

-- Cumulative, then difference: a re-estimate is caught up on the day it is made (606-10-25-35).
increments as (
    select
        contract_key,
        obligation_key,
        earned_on,
        earned_minor - lag(earned_minor, 1, cast(0 as {{ dbt.type_bigint() }})) over (
            partition by obligation_key order by satisfied_on
        ) as earned_minor
    from delivered
),

invoiced as (
    select
        contract_key,
        obligation_key,
        greatest(satisfied_on, coalesce(not_before_on, satisfied_on)) as earned_on,
        allocated_minor as earned_minor
    from priced
    where recognition_method = 'on_invoice' and allocated_minor <> 0
),

days as (
    select * from increments
    union all
    select * from invoiced
    union all
    select * from {{ ref('int_recognition__used') }}
)

select * from terms
union all
select
    contract_key,
    obligation_key as schedule_key,
    earned_on as slice_from_on,
    earned_on as slice_to_on,
    earned_on as schedule_from_on,
    earned_on as schedule_to_on,
    cast(sum(earned_minor) as {{ dbt.type_bigint() }}) as schedule_minor,
    'daily' as convention,
    'even' as days_rule,
    cast(null as date) as not_before_on,
    'schedule' as cause
from days
group by contract_key, obligation_key, earned_on
having sum(earned_minor) <> 0
union all
select * from {{ ref('int_recognition__slices') }}
union all
select * from {{ ref('int_recognition__history_slices') }}
