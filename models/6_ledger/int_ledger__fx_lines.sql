-- One row per line of a contract in a foreign currency: what it bills, what it earns, and the day from which it is earned in full.
with foreign_contracts as (
    select * from {{ ref('foreign_contracts') }}
),

terms as (
    select terms.*
    from {{ ref('contract_terms') }} as terms
    inner join foreign_contracts
        on terms.contract_key = foreign_contracts.contract_key
),

-- The price of a contract with a history is that of its latest version.
versions as (
    select
        line_key,
        max(version_order) as version_order
    from {{ ref('version_lines') }}
    group by line_key
),

prices as (
    select
        line_key,
        allocated_minor
    from {{ ref('allocations') }}
    union all
    select
        changes.line_key,
        changes.allocated_minor
    from {{ ref('price_changes') }} as changes
    inner join {{ ref('version_lines') }} as version_lines
        on
            changes.line_key = version_lines.line_key
            and changes.version = version_lines.version
    inner join versions
        on
            version_lines.line_key = versions.line_key
            and version_lines.version_order = versions.version_order
),

priced as (
    select
        line_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from prices
    group by line_key
),

schedules as (
    select
        line_shares.line_key,
        max(segments.recognized_to_on) as earned_on
    from {{ ref('schedule_segments') }} as segments
    inner join {{ ref('line_shares') }} as line_shares
        on segments.schedule_key = line_shares.schedule_key
    group by line_shares.line_key
),

earned as (
    select
        line_key,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as earned_minor
    from {{ ref('revenue_by_period') }}
    group by line_key
)

select
    terms.contract_key,
    terms.line_key,
    terms.line_no,
    case when terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice') then terms.amount_minor end as billed_minor,
    case when terms.recognition_method not in ('usage', 'as_invoiced', 'on_invoice') then coalesce(priced.allocated_minor, 0) end as allocated_minor,
    case
        when coalesce(priced.allocated_minor, 0) = coalesce(earned.earned_minor, 0) then coalesce(schedules.earned_on, cast('1970-01-01' as date))
    end as earned_on
from terms
left join priced
    on terms.line_key = priced.line_key
left join schedules
    on terms.line_key = schedules.line_key
left join earned
    on terms.line_key = earned.line_key
