{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per schedule slice, line and day: what the line earns on it, the difference of two cumulative amounts.
with slices as (
    -- Named before it is many days.
    select
        slices.*,
        parties.entity_id,
        parties.book,
        parties.contract_id,
        parties.currency,
        parties.minor_units,
        lines.obligation_id,
        lines.line_id
    from {{ ref('int_reports__day_slices') }} as slices
    left join {{ ref('posting_parties') }} as parties
        on slices.contract_key = parties.contract_key
    left join {{ ref('posting_lines') }} as lines
        on slices.line_key = lines.line_key
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
    earned.is_alone,
    earned.entity_id,
    earned.book,
    earned.contract_id,
    earned.currency,
    earned.minor_units,
    earned.obligation_id,
    earned.line_id,
    earned.through_on as recognized_on,
    earned.cause,
    {{ line_share('earned.earned_through_minor', 'earned') }} - {{ line_share('earned.earned_before_minor', 'earned') }} as amount_minor
from earned
