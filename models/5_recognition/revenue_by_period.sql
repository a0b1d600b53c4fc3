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

expanded as (
    select
        segments.*,
        {{ series_value() }} as period_no
    from {{ series_join('segments', 'segments.from_period_no', 'segments.to_period_no') }}
),

windows as (
    select
        expanded.*,
        expanded.convention in ('daily', 'thirty_360') as is_by_days,
        least(periods.ends_on, expanded.recognized_to_on) as through_on,
        case
            when expanded.period_no = expanded.from_period_no
                then cast({{ dbt.dateadd('day', -1, 'expanded.recognized_from_on') }} as date)
            else cast({{ dbt.dateadd('day', -1, 'periods.starts_on') }} as date)
        end as before_on,
        greatest(periods.starts_on, expanded.schedule_from_on) as month_from_on,
        least(periods.ends_on, expanded.schedule_to_on) as month_to_on,
        expanded.period_no - expanded.first_period_no + 1 as month_no
    from expanded
    inner join periods
        on expanded.period_no = periods.period_no
),

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
