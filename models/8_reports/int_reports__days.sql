{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per schedule slice, line and day: what the line earns on it, the difference of two cumulative amounts.
with slices as (
    select * from {{ ref('int_reports__day_slices') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

calendar_days as (
    select * from {{ ref('calendar_days') }}
),

{{ earned_by_day('slices') }}

select
    earned.contract_key,
    earned.line_key,
    earned.through_on as recognized_on,
    earned.cause,
    {{ line_share('earned.earned_through_minor', 'earned') }} - {{ line_share('earned.earned_before_minor', 'earned') }} as amount_minor
from earned
