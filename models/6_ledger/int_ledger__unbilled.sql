{{ config(materialized='view') }}
-- One row per line and period: the change of its unbilled receivable. Only time passes before such service is invoiced (606-10-45-4).
-- A period is presented by the terms in force at its end: a later version does not re-open it.
with terms as (
    select
        version_lines.contract_key,
        version_lines.line_key,
        version_lines.is_billed_after_service,
        version_lines.in_force_from_on,
        {{ period_number('version_lines.in_force_from_on') }} as from_period_no,
        {{ period_number('version_lines.in_force_before_on') }} as before_period_no,
        -- What its use or its invoices price is billed without a limit.
        case when version_lines.recognition_method not in ('usage', 'as_invoiced', 'on_invoice') then version_lines.amount_minor end as billable_minor
    from {{ ref('version_lines') }} as version_lines
    inner join {{ ref('contracts') }} as contracts
        on version_lines.contract_key = contracts.contract_key
    where contracts.unbilled_presentation = 'by_condition' and not contracts.is_invoice_only
),

lines as (
    select distinct line_key
    from terms
    where is_billed_after_service
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
    -- A payment before the right bills what it pays.
    select line_key, occurred_on as entry_on, 0 as amount_minor, amount_minor as billed_minor
    from {{ ref('billed_parts') }}
    where role = 'deferred_revenue' and source_type = 'payment'
    union all
    select line_key, opened_on as entry_on, 0 as amount_minor, billed_minor from {{ ref('opening_lines') }}
    union all
    -- New terms may present what nothing else moves.
    select line_key, in_force_from_on as entry_on, 0 as amount_minor, 0 as billed_minor from terms
    where in_force_from_on > cast('0001-01-01' as date)
),

changes as (
    select
        lines.line_key,
        {{ period_number('movements.entry_on') }} as period_no,
        cast(sum(movements.amount_minor) as {{ dbt.type_bigint() }}) as amount_minor,
        cast(sum(movements.billed_minor) as {{ dbt.type_bigint() }}) as billed_minor
    from movements
    inner join lines
        on movements.line_key = lines.line_key
    group by lines.line_key, {{ period_number('movements.entry_on') }}
),

running as (
    select
        changes.*,
        sum(amount_minor) over (partition by line_key order by period_no rows between unbounded preceding and current row) as ahead_minor,
        sum(billed_minor) over (partition by line_key order by period_no rows between unbounded preceding and current row) as so_far_billed_minor
    from changes
),

-- No receivable beyond what the line may still bill: what it earns of the others' price nets with theirs (45-1).
shown as (
    select
        terms.contract_key,
        running.line_key,
        running.period_no,
        case
            when terms.is_billed_after_service
                then greatest(least(running.ahead_minor, coalesce(terms.billable_minor - running.so_far_billed_minor, running.ahead_minor)), 0)
            else 0
        end as unbilled_minor
    from running
    inner join terms
        on
            running.line_key = terms.line_key
            and running.period_no >= terms.from_period_no
            and running.period_no < terms.before_period_no
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
