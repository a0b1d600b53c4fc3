{{ config(materialized='view') }}
-- One row per line and period: the change of its unbilled receivable. Only time passes before such service is invoiced (606-10-45-4).
with lines as (
    select
        terms.contract_key,
        terms.line_key,
        -- What its use or its invoices price is billed without a limit.
        case when terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice') then terms.amount_minor end as billable_minor
    from {{ ref('contract_terms') }} as terms
    inner join {{ ref('contracts') }} as contracts
        on terms.contract_key = contracts.contract_key
    where terms.is_billed_after_service and contracts.unbilled_presentation = 'by_condition' and not contracts.is_invoice_only
),

movements as (
    select
        line_key,
        entry_on,
        amount_minor,
        case when entry_type in ('invoice', 'credit_note', 'void') then -amount_minor else 0 end as billed_minor
    from {{ ref('int_ledger__movements') }}
    where role = 'deferred_revenue'
    union all
    select line_key, opened_on as entry_on, 0 as amount_minor, billed_minor from {{ ref('opening_lines') }}
),

changes as (
    select
        lines.contract_key,
        lines.line_key,
        lines.billable_minor,
        {{ period_number('movements.entry_on') }} as period_no,
        cast(sum(movements.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor,
        cast(sum(movements.billed_minor) as {{ dbt.type_bigint() }}) as billed_minor
    from movements
    inner join lines
        on movements.line_key = lines.line_key
    group by lines.contract_key, lines.line_key, lines.billable_minor, {{ period_number('movements.entry_on') }}
),

running as (
    select
        changes.*,
        sum(amount_minor) over (partition by line_key order by period_no rows between unbounded preceding and current row) as ahead_minor,
        billable_minor - sum(billed_minor) over (
            partition by line_key order by period_no rows between unbounded preceding and current row
        ) as left_to_bill_minor
    from changes
),

-- No receivable beyond what the line may still bill: what it earns of the others' price nets with theirs (45-1).
shown as (
    select
        contract_key,
        line_key,
        period_no,
        greatest(least(ahead_minor, coalesce(left_to_bill_minor, ahead_minor)), 0) as unbilled_minor
    from running
),

changed as (
    select
        contract_key,
        line_key,
        period_no,
        cast(unbilled_minor - lag(unbilled_minor, 1, 0) over (partition by line_key order by period_no) as {{ dbt.type_bigint() }}) as amount_minor
    from shown
)

select * from changed
where amount_minor <> 0
