-- One row per position (of a contract, a group or by election a line) and period: the change of what is earned ahead of billing, net (606-10-45-1).
with contracts as (
    select * from {{ ref('contracts') }}
),

-- Contracts combined or of one netting group have one position, on the first of them.
changes as (
    select
        contracts.position_key as contract_key,
        position_changes.line_key,
        position_changes.period_no,
        cast(sum(position_changes.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from {{ ref('int_ledger__position_changes') }} as position_changes
    inner join contracts
        on position_changes.contract_key = contracts.contract_key
    group by contracts.position_key, position_changes.line_key, position_changes.period_no
),

balances as (
    select
        changes.*,
        greatest(cast(sum(amount_minor) over (
            partition by contract_key, line_key order by period_no rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}), 0) as ahead_minor
    from changes
),

reclassified as (
    select
        contract_key,
        line_key,
        period_no,
        cast(
            ahead_minor - lag(ahead_minor, 1, 0) over (partition by contract_key, line_key order by period_no) as {{ dbt.type_bigint() }}
        ) as amount_minor
    from balances
)

select
    reclassified.contract_key,
    reclassified.line_key,
    reclassified.period_no,
    reclassified.amount_minor,
    contracts.unbilled_presentation = 'by_condition' and not contracts.is_invoice_only as is_by_condition
from reclassified
inner join contracts
    on reclassified.contract_key = contracts.contract_key
where reclassified.amount_minor <> 0
