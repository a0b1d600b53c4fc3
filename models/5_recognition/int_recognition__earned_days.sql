{{ config(materialized='view') }}
-- One row per obligation, day and cause on which an amount is earned at once: a delivery, a measure of progress, a use, an invoice, its credit.
with priced as (
    select * from {{ ref('int_recognition__priced') }}
),

delivered as (
    select
        priced.contract_key,
        priced.obligation_key,
        greatest(deliveries.satisfied_on, coalesce(priced.not_before_on, deliveries.satisfied_on)) as earned_on,
        {{ rounded_share('priced.allocated_minor', 'deliveries.part', 'deliveries.whole', wide=true) }} as earned_minor,
        deliveries.satisfied_on,
        deliveries.cause
    from priced
    inner join {{ ref('int_recognition__delivered') }} as deliveries
        on priced.obligation_key = deliveries.obligation_key
),

-- Cumulative, then difference: a re-estimate is caught up on the day it is made (606-10-25-35). On one day the lapse comes after the last use.
increments as (
    select
        contract_key,
        obligation_key,
        earned_on,
        earned_minor - lag(earned_minor, 1, cast(0 as {{ dbt.type_bigint() }})) over (
            partition by obligation_key order by satisfied_on, case when cause = 'breakage' then 1 else 0 end
        ) as earned_minor,
        cause
    from delivered
),

invoiced as (
    select
        contract_key,
        obligation_key,
        greatest(satisfied_on, coalesce(not_before_on, satisfied_on)) as earned_on,
        allocated_minor as earned_minor,
        'schedule' as cause
    from priced
    where recognition_method = 'on_invoice' and allocated_minor <> 0
),

-- What was revenue because it was invoiced is none any more when the invoice is taken back (606-10-32-44).
taken_back as (
    select
        obligation_lines.contract_key,
        obligation_lines.obligation_key,
        events.occurred_on as earned_on,
        -events.amount_minor as earned_minor,
        'price_change' as cause
    from {{ ref('int_recognition__bill_events') }} as events
    inner join {{ ref('obligation_lines') }} as obligation_lines
        on events.line_key = obligation_lines.line_key
    where not events.is_over_service
),

days as (
    select * from increments
    union all
    select * from taken_back
    union all
    select * from invoiced
    union all
    select
        used.*,
        'schedule' as cause
    from {{ ref('int_recognition__used') }} as used
)

select
    contract_key,
    obligation_key,
    earned_on,
    cause,
    cast(sum(earned_minor) as {{ dbt.type_bigint() }}) as earned_minor
from days
group by contract_key, obligation_key, earned_on, cause
having sum(earned_minor) <> 0
