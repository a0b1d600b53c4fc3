-- One row per contract and balance that has the wrong sign at the end of a period, the first time (invariant 44).
with positions as (
    select * from {{ ref('contract_positions') }}
),

negative as (
    select contract_key, period_no, 'receivable' as balance, receivable_minor as amount_minor from positions
    where receivable_minor < 0
    union all
    select contract_key, period_no, 'unbilled receivable' as balance, unbilled_minor as amount_minor from positions
    where unbilled_minor < 0
    union all
    select contract_key, period_no, 'contract asset' as balance, asset_minor as amount_minor from positions
    where asset_minor < 0
    union all
    select contract_key, period_no, 'contract liability' as balance, liability_minor as amount_minor from positions
    where liability_minor < 0
),

first_times as (
    select
        negative.*,
        row_number() over (partition by contract_key, balance order by period_no) as occurrence
    from negative
),

contracts as (
    select * from {{ ref('known_contracts') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

shown as (
    select
        contracts.*,
        first_times.balance,
        periods.period,
        periods.ends_on,
        cast({{ to_major('first_times.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount
    from first_times
    inner join contracts
        on first_times.contract_key = contracts.contract_key
    inner join periods
        on first_times.period_no = periods.period_no
    where first_times.occurrence = 1
)

select
    entity_id,
    book,
    'position_is_not_negative' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', balance) as source_id,
    'zero or more' as expected,
    amount as actual,
    concat('The ', balance, ' of contract ', contract_id, ' is ', amount, ' at the end of ', period, '.') as explanation,
    recorded_at as first_seen_at
from shown
