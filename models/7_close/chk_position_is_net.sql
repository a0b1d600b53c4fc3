-- One row per contract that shows a contract asset and a contract liability at once, the first time (invariant 43, 606-10-45-1).
with contracts as (
    select * from {{ ref('known_contracts') }}
    where position_level = 'contract'
),

first_times as (
    select
        positions.contract_key,
        positions.period_no,
        positions.asset_minor,
        positions.liability_minor,
        row_number() over (partition by positions.contract_key order by positions.period_no) as occurrence
    from {{ ref('contract_positions') }} as positions
    where positions.asset_minor <> 0 and positions.liability_minor <> 0
),

shown as (
    select
        contracts.*,
        periods.period,
        periods.ends_on,
        cast({{ to_major('first_times.asset_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as asset,
        cast({{ to_major('first_times.liability_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as liability
    from first_times
    inner join contracts
        on first_times.contract_key = contracts.contract_key
    inner join {{ ref('fiscal_periods') }} as periods
        on
            first_times.period_no = periods.period_no
            and periods.calendar = 'monthly'
    where first_times.occurrence = 1
)

select
    entity_id,
    book,
    'position_is_net' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    'a contract asset or a contract liability' as expected,
    concat(asset, ' and ', liability) as actual,
    concat('Contract ', contract_id, ' shows a contract asset of ', asset, ' and a contract liability of ', liability, ' at the end of ', period, '.')
        as explanation,
    recorded_at as first_seen_at
from shown
