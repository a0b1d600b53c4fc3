{{ config(materialized='view', schema='engine', contract={'enforced': false}) }}
-- One row per schedule slice, line and day: what the line earns on it, the difference of two cumulative amounts.
{{ earned_by_day() }}
