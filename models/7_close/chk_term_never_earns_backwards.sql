-- One row per line over time that earns less than nothing in a period by a schedule of nothing or more, the first time (invariant 35).
with falling as (
    select distinct shares.line_key
    from {{ ref('schedule_segments') }} as segments
    inner join {{ ref('line_shares') }} as shares
        on segments.schedule_key = shares.schedule_key
    -- What is kept at a termination may be less than what was earned: then the rest of the schedule takes back.
    where segments.schedule_minor < 0 and segments.cause = 'schedule'
),

backwards as (
    select
        revenue.contract_key,
        revenue.line_key,
        revenue.period_no,
        revenue.amount_minor,
        row_number() over (partition by revenue.line_key order by revenue.period_no) as occurrence
    from {{ ref('revenue_by_period') }} as revenue
    inner join {{ ref('contract_terms') }} as terms
        on revenue.line_key = terms.line_key
    left join {{ ref('allocations') }} as allocations
        on revenue.line_key = allocations.line_key
    left join falling
        on revenue.line_key = falling.line_key
    where
        revenue.cause = 'schedule'
        and revenue.amount_minor < 0
        and terms.recognition_method = 'straight_line'
        and terms.amount_minor >= 0
        and coalesce(allocations.allocated_minor, 0) >= 0
        and falling.line_key is null
),

shown as (
    select
        contracts.*,
        terms.line_id,
        periods.period,
        periods.ends_on,
        cast({{ to_major('backwards.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount
    from backwards
    inner join {{ ref('contracts') }} as contracts
        on backwards.contract_key = contracts.contract_key
    inner join {{ ref('contract_terms') }} as terms
        on backwards.line_key = terms.line_key
    inner join {{ ref('fiscal_periods') }} as periods
        on
            backwards.period_no = periods.period_no
            and periods.calendar = 'monthly'
    where backwards.occurrence = 1
)

select
    entity_id,
    book,
    'term_never_earns_backwards' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', line_id) as source_id,
    'zero or more' as expected,
    amount as actual,
    concat('Line ', line_id, ' of contract ', contract_id, ' earns ', amount, ' in ', period, ' by its schedule: service once delivered stays delivered.')
        as explanation,
    recorded_at as first_seen_at
from shown
