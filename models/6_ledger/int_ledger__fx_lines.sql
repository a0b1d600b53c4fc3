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
        version_lines.line_key,
        max(version_lines.version_order) as version_order
    from {{ ref('version_lines') }} as version_lines
    inner join terms
        on version_lines.line_key = terms.line_key
    group by version_lines.line_key
),

prices as (
    select
        allocations.line_key,
        allocations.allocated_minor
    from {{ ref('allocations') }} as allocations
    inner join terms
        on allocations.line_key = terms.line_key
    union all
    select
        changes.line_key,
        changes.allocated_minor
    from versions
    inner join {{ ref('version_lines') }} as version_lines
        on
            versions.line_key = version_lines.line_key
            and versions.version_order = version_lines.version_order
    inner join {{ ref('price_changes') }} as changes
        on
            version_lines.line_key = changes.line_key
            and version_lines.version = changes.version
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
        terms.line_key,
        max(segments.recognized_to_on) as earned_on
    from terms
    inner join {{ ref('line_shares') }} as line_shares
        on terms.line_key = line_shares.line_key
    inner join {{ ref('schedule_segments') }} as segments
        on line_shares.schedule_key = segments.schedule_key
    group by terms.line_key
),

earned as (
    select
        terms.line_key,
        cast(sum(revenue.amount_minor) as {{ dbt.type_bigint() }}) as earned_minor
    from terms
    inner join {{ ref('revenue_by_period') }} as revenue
        on terms.line_key = revenue.line_key
    group by terms.line_key
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
