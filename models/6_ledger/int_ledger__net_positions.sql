{{ config(materialized='view') }}
-- One row per position (of a contract, a group or by election a line), period and role: the change of what is earned ahead of billing, net.
-- By condition it is a contract asset as long as something is left to deliver, then an unbilled receivable (606-10-45-3, 45-4).
with ahead as (
    select * from {{ ref('int_ledger__ahead_of_billing') }}
),

positions as (
    select distinct
        contract_key,
        line_key
    from ahead
    where is_by_condition
),

moments as (
    select
        positions.contract_key,
        positions.line_key,
        promises.period_no,
        promises.is_open,
        coalesce(ahead.amount_minor, 0) as amount_minor
    from positions
    inner join {{ ref('int_ledger__open_promises') }} as promises
        on positions.contract_key = promises.position_key
    left join ahead
        on
            positions.contract_key = ahead.contract_key
            and coalesce(positions.line_key, 0) = coalesce(ahead.line_key, 0)
            and promises.period_no = ahead.period_no
),

standing as (
    select
        moments.*,
        sum(amount_minor) over (
            partition by contract_key, line_key order by period_no rows between unbounded preceding and current row
        ) as ahead_minor
    from moments
),

shown as (
    {%- for role, is_open in [('contract_asset', 1), ('unbilled_receivable', 0)] %}
    select
        contract_key,
        line_key,
        period_no,
        '{{ role }}' as role,
        case when is_open = {{ is_open }} then ahead_minor else 0 end as shown_minor
    from standing
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

changes as (
    select
        contract_key,
        line_key,
        period_no,
        role,
        cast(
            shown_minor - lag(shown_minor, 1, 0) over (partition by contract_key, line_key, role order by period_no) as {{ dbt.type_bigint() }}
        ) as amount_minor
    from shown
)

select
    contract_key,
    line_key,
    period_no,
    role,
    amount_minor
from changes
where amount_minor <> 0 and period_no <= {{ through_period_no() }}
union all
select
    ahead.contract_key,
    ahead.line_key,
    ahead.period_no,
    case
        when contracts.is_invoice_only or contracts.unbilled_presentation = 'unbilled_receivable' then 'unbilled_receivable'
        else 'contract_asset'
    end as role,
    ahead.amount_minor
from ahead
inner join {{ ref('contracts') }} as contracts
    on ahead.contract_key = contracts.contract_key
where not ahead.is_by_condition
