{{ config(materialized='view') }}
-- One row per obligation that SQL schedules: its price and the conventions that spread it.
with obligations as (
    select * from {{ ref('obligations') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

sequenced as (
    select distinct contract_key
    from {{ ref('invoice_only_events') }}
),

prices as (
    select
        obligation_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by obligation_key
),

-- A contract whose events have an order is folded instead (slices); one with a history has no row in allocations.
priced as (
    select
        obligations.*,
        prices.allocated_minor,
        contracts.straight_line,
        contracts.straight_line_days
    from obligations
    inner join prices
        on obligations.obligation_key = prices.obligation_key
    inner join contracts
        on obligations.contract_key = contracts.contract_key
    left join sequenced
        on obligations.contract_key = sequenced.contract_key
    where sequenced.contract_key is null
)

select * from priced
