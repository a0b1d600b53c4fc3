{{ config(materialized='view') }}
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

{{ ahead_of_billing('changes', ['contract_key', 'line_key']) }}

select
    reclassified.contract_key,
    reclassified.line_key,
    reclassified.period_no,
    case
        when contracts.is_invoice_only or contracts.unbilled_presentation = 'unbilled_receivable' then 'unbilled_receivable'
        else 'contract_asset'
    end as role,
    reclassified.amount_minor
from reclassified
inner join contracts
    on reclassified.contract_key = contracts.contract_key
where reclassified.amount_minor <> 0
