{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('changed_contracts')) }}",
) }}
-- One row per schedule slice, line and fiscal period: what the line earns in the period, the difference of two cumulative amounts.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

segments as (
    select
        segments.*,
        {{ period_number('recognized_from_on') }} as from_period_no,
        least({{ period_number('recognized_to_on') }}, {{ through_period_no() }}) as to_period_no
    from {{ ref('schedule_segments') }} as segments
    inner join changed
        on segments.contract_key = changed.contract_key
),

line_shares as (
    select * from {{ ref('line_shares') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

{{ windows_by_period('segments') }},

{{ earned_in_windows('windows') }}

select
    earned.contract_key,
    line_shares.line_key,
    earned.period_no,
    earned.cause,
    cast(sum(
        {{ line_share('earned.earned_through_minor') }} - {{ line_share('earned.earned_before_minor') }}
    ) as {{ dbt.type_bigint() }}) as amount_minor
from earned
inner join line_shares
    on earned.schedule_key = line_shares.schedule_key
group by earned.contract_key, line_shares.line_key, earned.period_no, earned.cause
having sum({{ line_share('earned.earned_through_minor') }} - {{ line_share('earned.earned_before_minor') }}) <> 0
