{{ config(materialized='view') }}
-- One row per posting that presents what is earned but not billed: unbilled receivable or contract asset (606-10-45-1 to 45-4).
with postings as (
    select * from {{ ref('int_ledger__movements') }}
    where role = 'deferred_revenue'
),

contracts as (
    select * from {{ ref('contracts') }}
),

lines as (
    select
        line_key,
        is_billed_after_service
    from {{ ref('contract_terms') }}
),

classified as (
    select
        postings.contract_key,
        {{ period_number('postings.entry_on') }} as period_no,
        postings.amount_minor,
        contracts.is_invoice_only,
        contracts.unbilled_presentation,
        -- Usage and lines billed in arrears: only time passes before payment is due, so they never net with a liability.
        coalesce(lines.is_billed_after_service, false)
        and contracts.unbilled_presentation = 'by_condition' and not contracts.is_invoice_only as is_receivable,
        case
            when contracts.position_level = 'line' then postings.line_key
            when coalesce(lines.is_billed_after_service, false) and contracts.unbilled_presentation = 'by_condition'
                and not contracts.is_invoice_only then postings.line_key
        end as position_key
    from postings
    inner join contracts
        on postings.contract_key = contracts.contract_key
    left join lines
        on postings.line_key = lines.line_key
),

changes as (
    select
        contract_key,
        position_key,
        period_no,
        is_receivable,
        case
            when is_receivable or is_invoice_only or unbilled_presentation = 'unbilled_receivable' then 'unbilled_receivable'
            else 'contract_asset'
        end as role,
        sum(amount_minor) as amount_minor
    from classified
    group by contract_key, position_key, period_no, is_receivable, is_invoice_only, unbilled_presentation
),

-- Debits over credits of contract liability so far: what is earned ahead of billing.
balances as (
    select
        changes.*,
        greatest(sum(amount_minor) over (
            partition by contract_key, position_key order by period_no rows between unbounded preceding and current row
        ), 0) as ahead_minor
    from changes
),

reclassified as (
    select
        contract_key,
        position_key,
        period_no,
        role,
        ahead_minor - lag(ahead_minor, 1, 0) over (partition by contract_key, position_key order by period_no) as amount_minor
    from balances
),

periods as (
    select
        period_no,
        ends_on
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

sides as (
    select 1 as direction
    union all
    select -1 as direction
)

select
    reclassified.contract_key,
    reclassified.position_key as line_key,
    'reclassification' as entry_type,
    'contract' as source_type,
    cast(null as {{ dbt.type_string() }}) as source_id,
    periods.ends_on as entry_on,
    'presentation' as cause,
    case when sides.direction = 1 then reclassified.role else 'deferred_revenue' end as role,
    cast(reclassified.amount_minor * sides.direction as {{ dbt.type_bigint() }}) as amount_minor
from reclassified
inner join periods
    on reclassified.period_no = periods.period_no
cross join sides
where reclassified.amount_minor <> 0
