-- One row per promised line that belongs to no obligation, and per schedule whose lines do not share the whole of it (invariant 14).
with lines as (
    select distinct
        contract_key,
        line_key,
        line_id
    from {{ ref('version_lines') }}
    where not is_discount
),

lost as (
    select
        lines.contract_key,
        lines.line_id as item,
        'no obligation' as actual
    from lines
    left join {{ ref('obligation_lines') }} as obligation_lines
        on lines.line_key = obligation_lines.line_key
    where obligation_lines.line_key is null
),

schedules as (
    select
        shares.contract_key,
        shares.schedule_key,
        min(shares.line_key) as line_key,
        sum(shares.upto_minor - shares.before_minor) as shared_minor,
        max(shares.whole_minor) as whole_minor
    from {{ ref('line_shares') }} as shares
    inner join {{ ref('contracts') }} as contracts
        on shares.contract_key = contracts.contract_key
    group by shares.contract_key, shares.schedule_key
),

unshared as (
    select
        schedules.contract_key,
        lines.line_id as item,
        concat(
            cast(schedules.shared_minor as {{ dbt.type_string() }}), ' of ', cast(schedules.whole_minor as {{ dbt.type_string() }}),
            ' parts of schedule ', cast(schedules.schedule_key as {{ dbt.type_string() }})
        ) as actual
    from schedules
    left join lines
        on schedules.line_key = lines.line_key
    where schedules.shared_minor <> schedules.whole_minor
),

wrong as (
    select * from lost
    union all
    select * from unshared
)

select
    contracts.entity_id,
    contracts.book,
    'line_is_in_one_obligation' as rule,
    'block' as severity,
    contracts.inception_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', coalesce(wrong.item, '')) as source_id,
    'one obligation, of which its lines share the whole' as expected,
    wrong.actual,
    concat('Line ', coalesce(wrong.item, ''), ' of contract ', contracts.contract_id, ' has ', wrong.actual, '.') as explanation,
    contracts.recorded_at as first_seen_at
from wrong
inner join {{ ref('contracts') }} as contracts
    on wrong.contract_key = contracts.contract_key
