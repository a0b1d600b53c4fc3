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

{{ earned_in_windows('windows') }},

openings as (
    select openings.*
    from {{ ref('opening_lines') }} as openings
    inner join changed
        on openings.contract_key = changed.contract_key
),

earned_by_line as (
    select
        earned.contract_key,
        line_shares.line_key,
        earned.period_no,
        earned.cause,
        {{ line_share('earned.earned_through_minor') }} - {{ line_share('earned.earned_before_minor') }} as amount_minor
    from earned
    inner join line_shares
        on earned.schedule_key = line_shares.schedule_key
),

-- Before its opening balance a line earned what was accepted; by how much its terms differ is caught up in the first period.
since_opening as (
    select
        earned_by_line.contract_key,
        earned_by_line.line_key,
        case when earned_by_line.period_no < openings.period_no then openings.period_no else earned_by_line.period_no end as period_no,
        case when earned_by_line.period_no < openings.period_no then 'opening_balance' else earned_by_line.cause end as cause,
        earned_by_line.amount_minor
    from earned_by_line
    left join openings
        on earned_by_line.line_key = openings.line_key
    where openings.line_key is null or earned_by_line.period_no >= openings.period_no or not openings.is_priced_by_facts
    union all
    select contract_key, line_key, period_no - 1 as period_no, 'opening_balance' as cause, recognized_minor as amount_minor from openings
    union all
    select contract_key, line_key, period_no, 'opening_balance' as cause, -recognized_minor as amount_minor from openings
    where not is_priced_by_facts
)

select
    contract_key,
    line_key,
    period_no,
    cause,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from since_opening
where period_no <= {{ through_period_no() }}
group by contract_key, line_key, period_no, cause
having sum(amount_minor) <> 0
-- What belongs together is stored together, and takes a third of the space.
order by contract_key, line_key, period_no, cause
