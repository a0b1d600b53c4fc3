{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per contract and period in which its liability stands or moves: what of it is current, and the revenue that was in it at the start.
with contracts as (
    select * from {{ ref('known_contracts') }}
),

to_draft as (
    select contract_key from {{ ref('contracts_to_draft') }}
),

positions as (
    select
        positions.contract_key,
        positions.period_no,
        positions.next_period_no,
        positions.liability_minor,
        lag(positions.liability_minor, 1, cast(0 as {{ dbt.type_bigint() }})) over (
            partition by positions.contract_key order by positions.period_no
        ) as opening_minor
    from {{ ref('contract_positions') }} as positions
    inner join to_draft
        on positions.contract_key = to_draft.contract_key
),

spans as (
    select
        positions.*,
        case when liability_minor = 0 then period_no else coalesce(next_period_no - 1, {{ through_period_no() }}) end as to_period_no
    from positions
    where liability_minor <> 0 or opening_minor <> 0
),

standing as (
    select
        spans.*,
        {{ series_value() }} as standing_period_no
    from {{ series_join('spans', 'spans.period_no', 'spans.to_period_no') }}
),

-- What each position earns by period, and the periods in which its liability stands, which ask what is earned after them.
periods as (
    select contract_key, period_no, amount_minor, 0 as asks from {{ ref('int_ledger__position_revenue') }}
    union all
    select contract_key, standing_period_no as period_no, 0 as amount_minor, 1 as asks from standing
),

revenue as (
    select
        contract_key,
        period_no,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as earned_minor,
        max(asks) as asks
    from periods
    group by contract_key, period_no
),

expected as (
    select
        revenue.*,
        sum(earned_minor) over (
            partition by contract_key order by period_no range between 1 following and 12 following
        ) as within_year_minor,
        sum(earned_minor) over (
            partition by contract_key order by period_no range between 13 following and unbounded following
        ) as later_minor
    from revenue
),

-- The nearest service uses the liability up first; what no schedule dates may be asked for any day, so it is current.
split as (
    select
        standing.*,
        expected.earned_minor,
        least(
            greatest(standing.liability_minor - greatest(coalesce(expected.within_year_minor, 0), 0), 0),
            greatest(coalesce(expected.later_minor, 0), 0)
        ) as noncurrent_minor
    from standing
    inner join expected
        on
            standing.contract_key = expected.contract_key
            and standing.standing_period_no = expected.period_no
            and expected.asks = 1
)

select
    split.contract_key,
    split.standing_period_no as period_no,
    split.liability_minor,
    cast(split.liability_minor - split.noncurrent_minor as {{ dbt.type_bigint() }}) as current_minor,
    cast(split.noncurrent_minor as {{ dbt.type_bigint() }}) as noncurrent_minor,
    cast(case
        when split.standing_period_no > split.period_no then 0
        else least(
            greatest(split.opening_minor, 0),
            case
                when contracts.opening_liability_order = 'fifo' then coalesce(layers.from_opening_minor, 0)
                else greatest(split.earned_minor, 0)
            end
        )
    end as {{ dbt.type_bigint() }}) as from_opening_minor
from split
inner join contracts
    on split.contract_key = contracts.contract_key
left join {{ ref('int_ledger__layers') }} as layers
    on
        split.contract_key = layers.contract_key
        and split.standing_period_no = layers.period_no
