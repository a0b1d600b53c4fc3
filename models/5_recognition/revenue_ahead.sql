{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per contract and period after the last of the run: the revenue its schedules expect, for what is current of a liability.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

segments as (
    select
        segments.*,
        greatest({{ period_number('recognized_from_on') }}, {{ through_period_no() }} + 1) as from_period_no,
        {{ period_number('recognized_to_on') }} as to_period_no
    from {{ ref('schedule_segments') }} as segments
    inner join changed
        on segments.contract_key = changed.contract_key
    where {{ period_number('recognized_to_on') }} > {{ through_period_no() }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

{{ windows_by_period('segments') }},

{{ earned_in_windows('windows') }}

select
    contract_key,
    period_no,
    cast(sum(earned_through_minor - earned_before_minor) as {{ dbt.type_bigint() }}) as amount_minor
from earned
group by contract_key, period_no
having sum(earned_through_minor - earned_before_minor) <> 0
