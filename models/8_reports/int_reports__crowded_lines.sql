{{ config(
    materialized='incremental',
    schema='engine',
    contract={'enforced': false},
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per line of which more than one thing is earned or given back: slices of its schedules and postings of its own may meet on one day.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

earned as (
    select
        segments.contract_key,
        shares.line_key
    from {{ ref('schedule_segments') }} as segments
    inner join changed
        on segments.contract_key = changed.contract_key
    inner join {{ ref('line_shares') }} as shares
        on segments.schedule_key = shares.schedule_key
    union all
    select
        entry_days.contract_key,
        entry_days.line_key
    from {{ ref('int_reports__entry_days') }} as entry_days
    inner join changed
        on entry_days.contract_key = changed.contract_key
    where entry_days.line_key is not null
)

select
    contract_key,
    line_key
from earned
group by contract_key, line_key
having count(*) > 1
