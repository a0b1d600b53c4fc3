-- One row per slice of the amortisation of a capitalised cost, with the numbers that give its cumulative amount on any day in closed form.
with costs as (
    select * from {{ ref('contract_costs') }}
    where treatment = 'capitalized'
),

folded as (
    select cost_key
    from {{ ref('folded_costs') }}
),

schedules as (
    select
        costs.cost_key,
        costs.contract_key,
        costs.amortise_from_on as slice_from_on,
        costs.amortise_to_on as slice_to_on,
        costs.amortise_from_on as schedule_from_on,
        costs.amortise_to_on as schedule_to_on,
        costs.amount_minor as schedule_minor,
        costs.convention,
        costs.days_rule,
        costs.capitalized_on as not_before_on
    from costs
    left join folded
        on costs.cost_key = folded.cost_key
    where folded.cost_key is null
    union all
    select * from {{ ref('int_recognition__cost_slices') }}
),

{{ schedule_numbers('schedules') }}

select
    contract_key,
    cost_key,
    {{ segment_columns() }}
from weighed
