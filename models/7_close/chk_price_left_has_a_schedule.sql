-- One row per line measured by delivery whose term is over and whose price is not all earned: nothing will recognise the rest (invariant 64).
with ended as (
    select
        line_key,
        line_id,
        ends_on
    from {{ ref('contract_terms') }}
    where
        recognition_method in ('units', 'milestone', 'percent_complete', 'point_in_time')
        and ends_on <= cast('{{ through_last_day() }}' as date)
),

earned as (
    select
        revenue.line_key,
        sum(revenue.amount_minor) as earned_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join ended
        on revenue.line_key = ended.line_key
    group by revenue.line_key
),

left_over as (
    select
        contracts.*,
        ended.line_id,
        ended.ends_on,
        cast({{ to_major('cast(allocations.allocated_minor - coalesce(earned.earned_minor, 0) as ' ~ dbt.type_bigint() ~ ')', 'contracts.minor_units') }}
            as {{ dbt.type_string() }}) as amount
    from {{ ref('allocations') }} as allocations
    inner join ended
        on allocations.line_key = ended.line_key
    inner join {{ ref('contracts') }} as contracts
        on allocations.contract_key = contracts.contract_key
    left join earned
        on allocations.line_key = earned.line_key
    where allocations.allocated_minor <> coalesce(earned.earned_minor, 0)
)

select
    entity_id,
    book,
    'price_left_has_a_schedule' as rule,
    'review' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', line_id) as source_id,
    concat('all earned by ', cast(ends_on as {{ dbt.type_string() }})) as expected,
    concat(amount, ' left') as actual,
    concat(
        'Line ', line_id, ' of contract ', contract_id, ' ended on ', cast(ends_on as {{ dbt.type_string() }}), ' with ', amount, ' ', currency,
        ' not earned: record its progress, an end of the right, or a longer term.'
    ) as explanation,
    recorded_at as first_seen_at
from left_over
