-- One row per slice of a recognition schedule: a term, or the one day on which an amount is earned.
with priced as (
    select * from {{ ref('int_recognition__priced') }}
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
    earned_minor as schedule_minor,
    'daily' as convention,
    'even' as days_rule,
    cast(null as date) as not_before_on,
    cause
from {{ ref('int_recognition__earned_days') }}
union all
select * from {{ ref('int_recognition__invoiced_slices') }}
union all
select * from {{ ref('int_recognition__slices') }}
union all
select * from {{ ref('int_recognition__history_slices') }}
