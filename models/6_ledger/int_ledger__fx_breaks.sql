-- One row per contract in a foreign currency and day after which revenue has another rate or another layer: bills, rates, period ends.
with postings as (
    select * from {{ ref('int_ledger__fx_postings') }}
),

foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

terms as (
    select
        segments.contract_key,
        min(segments.recognized_from_on) as starts_on,
        max(segments.recognized_to_on) as ends_on
    from {{ ref('schedule_segments') }} as segments
    inner join foreign_contracts
        on segments.contract_key = foreign_contracts.contract_key
    inner join {{ ref('changed_contracts') }} as changed
        on segments.contract_key = changed.contract_key
    group by segments.contract_key
),

moves as (
    select distinct
        contract_key,
        entry_on
    from postings
    where treatment = 'layers' and entry_type not in ('revenue', 'reclassification')
),

rates as (
    select * from {{ ref('exchange_rates') }}
    where kind = 'spot'
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly' and period_no <= {{ through_period_no() }}
),

combined as (
    select
        contract_key,
        cast({{ dbt.dateadd('day', -1, 'entry_on') }} as date) as break_on
    from moves
    union distinct
    select
        terms.contract_key,
        cast({{ dbt.dateadd('day', -1, 'rates.valid_from') }} as date) as break_on
    from terms
    inner join foreign_contracts
        on terms.contract_key = foreign_contracts.contract_key
    inner join rates
        on
            foreign_contracts.currency = rates.from_currency
            and foreign_contracts.functional_currency = rates.to_currency
            and rates.valid_from > terms.starts_on
            and rates.valid_from <= terms.ends_on
    union distinct
    select
        terms.contract_key,
        periods.ends_on as break_on
    from terms
    inner join periods
        on periods.ends_on >= terms.starts_on and periods.starts_on <= terms.ends_on
)

select
    contract_key,
    break_on
from combined
