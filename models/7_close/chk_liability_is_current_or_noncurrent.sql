-- One row per contract whose current and noncurrent parts are negative or do not add up to its liability, the first time (invariant 47).
with contracts as (
    select * from {{ ref('known_contracts') }}
),

positions as (
    select
        contract_key,
        period_no,
        liability_minor
    from {{ ref('contract_positions') }}
),

parts as (
    select
        contract_key,
        period_no,
        current_minor,
        noncurrent_minor
    from {{ ref('contract_liabilities') }}
),

first_times as (
    select
        positions.contract_key,
        positions.period_no,
        positions.liability_minor,
        coalesce(parts.current_minor, 0) + coalesce(parts.noncurrent_minor, 0) as parts_minor,
        row_number() over (partition by positions.contract_key order by positions.period_no) as occurrence
    from positions
    left join parts
        on
            positions.contract_key = parts.contract_key
            and positions.period_no = parts.period_no
    where
        coalesce(parts.current_minor, 0) + coalesce(parts.noncurrent_minor, 0) <> positions.liability_minor
        or (positions.liability_minor >= 0 and (parts.current_minor < 0 or parts.noncurrent_minor < 0))
),

shown as (
    select
        contracts.*,
        periods.period,
        periods.ends_on,
        cast({{ to_major('first_times.liability_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as liability,
        cast({{ to_major('first_times.parts_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as parts
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
    'liability_is_current_or_noncurrent' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    liability as expected,
    parts as actual,
    concat('The parts of the contract liability of ', contract_id, ' at the end of ', period, ' come to ', parts, ', the liability is ', liability, '.')
        as explanation,
    recorded_at as first_seen_at
from shown
