-- One row per contract whose contract asset has stood for more days than the threshold allows (invariant 64).
with threshold as (
    select cast(threshold as {{ dbt.type_bigint() }}) as days
    from {{ ref('control_thresholds') }}
    where rule = 'contract_asset_is_billed_in_time'
),

positions as (
    select * from {{ ref('contract_positions') }}
),

standing as (
    select
        contract_key,
        asset_minor
    from positions
    where next_period_no is null and asset_minor > 0
),

last_without as (
    select
        standing.contract_key,
        standing.asset_minor,
        max(case when positions.asset_minor <= 0 then positions.period_no end) as period_no
    from standing
    inner join positions
        on standing.contract_key = positions.contract_key
    group by standing.contract_key, standing.asset_minor
),

since as (
    select
        last_without.contract_key,
        last_without.asset_minor,
        min(positions.period_no) as period_no
    from last_without
    inner join positions
        on
            last_without.contract_key = positions.contract_key
            and positions.period_no > coalesce(last_without.period_no, 0)
    group by last_without.contract_key, last_without.asset_minor
),

old as (
    select
        contracts.*,
        periods.ends_on,
        cast({{ to_major('since.asset_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as asset,
        threshold.days
    from since
    inner join {{ ref('known_contracts') }} as contracts
        on since.contract_key = contracts.contract_key
    inner join {{ ref('fiscal_periods') }} as periods
        on
            since.period_no = periods.period_no
            and periods.calendar = 'monthly'
    cross join threshold
    where {{ day_number("cast('" ~ through_last_day() ~ "' as date)") }} - {{ day_number('periods.ends_on') }} > threshold.days
)

select
    entity_id,
    book,
    'contract_asset_is_billed_in_time' as rule,
    'review' as severity,
    cast('{{ through_last_day() }}' as date) as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    concat('a contract asset of at most ', cast(days as {{ dbt.type_string() }}), ' days') as expected,
    concat(asset, ' since ', cast(ends_on as {{ dbt.type_string() }})) as actual,
    concat('Contract ', contract_id, ' has shown a contract asset since ', cast(ends_on as {{ dbt.type_string() }}), ', now of ', asset, ' ', currency, '.')
        as explanation,
    recorded_at as first_seen_at
from old
