-- One row per contract (or line, by election) and period: the change of its contract liability before it is presented, debits positive.
with contracts as (
    select * from {{ ref('contracts') }}
),

-- An unbilled receivable is shown gross: the right to it is unconditional, so it nets with nothing.
liability_movements as (
    select
        contract_key,
        line_key,
        {{ period_number('entry_on') }} as period_no,
        amount_minor
    from {{ ref('int_ledger__movements') }}
    where role = 'deferred_revenue'
    union all
    select
        contract_key,
        line_key,
        period_no,
        -amount_minor as amount_minor
    from {{ ref('int_ledger__unbilled') }}
),

changes as (
    select
        liability_movements.contract_key,
        case when contracts.position_level = 'line' then liability_movements.line_key end as line_key,
        liability_movements.period_no,
        cast(sum(liability_movements.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from liability_movements
    inner join contracts
        on liability_movements.contract_key = contracts.contract_key
    group by
        liability_movements.contract_key, case when contracts.position_level = 'line' then liability_movements.line_key end,
        liability_movements.period_no
)

select
    contract_key,
    line_key,
    period_no,
    amount_minor
from changes
