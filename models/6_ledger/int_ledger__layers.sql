-- One row per position and period, where the entity elected fifo: revenue of lines out of what was billed and unearned on them at the start (50-8(b)).
with contracts as (
    select
        contract_key,
        position_key
    from {{ ref('known_contracts') }}
    where opening_liability_order = 'fifo' and position_key in (select contract_key from {{ ref('contracts_to_draft') }})
),

revenue as (
    select
        postings.line_key,
        postings.period_no,
        sum(-postings.amount_minor) as revenue_minor
    from {{ ref('booked_postings') }} as postings
    inner join contracts
        on postings.contract_key = contracts.contract_key
    where postings.role = 'revenue' and postings.entry_type = 'revenue'
    group by postings.line_key, postings.period_no
),

changes as (
    select
        contracts.position_key,
        postings.line_key,
        postings.period_no,
        sum(-postings.amount_minor) as change_minor
    from {{ ref('booked_postings') }} as postings
    inner join contracts
        on postings.contract_key = contracts.contract_key
    where postings.role = 'deferred_revenue' and postings.line_key is not null and postings.entry_type not in ('reclassification', 'netting')
    group by contracts.position_key, postings.line_key, postings.period_no
),

openings as (
    select
        changes.*,
        sum(change_minor) over (
            partition by position_key, line_key order by period_no rows between unbounded preceding and current row
        ) - change_minor as opening_minor
    from changes
)

select
    openings.position_key as contract_key,
    openings.period_no,
    cast(sum(least(greatest(openings.opening_minor, 0), greatest(revenue.revenue_minor, 0))) as {{ dbt.type_bigint() }}) as from_opening_minor
from openings
inner join revenue
    on
        openings.line_key = revenue.line_key
        and openings.period_no = revenue.period_no
group by openings.position_key, openings.period_no
