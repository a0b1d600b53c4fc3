{{ config(materialized='view') }}
-- One row per contract whose liability is drafted anew and period: what it and those presented with it earn, also after the last period.
with contracts as (
    select
        known.contract_key,
        known.position_key
    from {{ ref('known_contracts') }} as known
    inner join {{ ref('contracts_to_draft') }} as to_draft
        on known.position_key = to_draft.contract_key
),

revenue_of_contracts as (
    select contract_key, period_no, -amount_minor as amount_minor
    from {{ ref('booked_postings') }}
    where role = 'revenue' and entry_type = 'revenue'
    union all
    select contract_key, period_no, amount_minor from {{ ref('revenue_ahead') }}
)

select
    contracts.position_key as contract_key,
    revenue_of_contracts.period_no,
    cast(sum(revenue_of_contracts.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from revenue_of_contracts
inner join contracts
    on revenue_of_contracts.contract_key = contracts.contract_key
group by contracts.position_key, revenue_of_contracts.period_no
