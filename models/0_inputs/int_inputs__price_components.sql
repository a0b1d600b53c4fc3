-- One row per delivered price component, with its fate in status.
{%- set key = ['component_id'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__price_components') }}
),

versions as (
    select * from {{ ref('int_inputs__contract_versions') }} where is_reference
),

lines as (
    select distinct
        contract_id,
        line_id
    from {{ ref('int_inputs__contract_lines') }}
    where is_reference
),

scopes as (
    select
        delivered.component_id,
        delivered.contract_id,
        delivered.lines,
        count(distinct lines.line_id) as lines_found
    from delivered
    inner join lines
        on delivered.contract_id = lines.contract_id
    where {{ is_listed('lines.line_id', 'delivered.lines') }}
    group by delivered.component_id, delivered.contract_id, delivered.lines
),

joined as (
    select
        delivered.*,
        versions.version is not null as has_version,
        coalesce(scopes.lines_found, 0) as lines_found,
        versions.entity_id,
        versions.currency,
        {{ recorded_or_start_of('versions.agreed_on') }} as recorded_at,
        {{ latest_of(['versions.known_at']) }} as referred_known_at
    from delivered
    left join versions
        on
            delivered.contract_id = versions.contract_id
            and delivered.origin_version = versions.version
    left join scopes
        on
            delivered.component_id = scopes.component_id
            and delivered.contract_id = scopes.contract_id
            and delivered.lines = scopes.lines
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_version then {{ no_such_version('origin_version') }}
            when period_ends_on < period_starts_on
                then {{ problem('period_ends_on', 'period_ends_on', "'period_ends_on is before period_starts_on'") }}
            when kind = 'financing' and rate is null then {{ problem('rate', 'rate', "'a financing component has no effect without its rate'") }}
            when lines is not null and lines_found < {{ listed('lines') }} then {{ no_such_listed_line('lines') }}
            {{ repetition_problems(key, 'component_id', 'this component_id') }}
        end as problem
    from joined
),

ranked as (
    select
        *,
        {{ row_rank(key) }} as row_rank,
        {{ accepted_at(key) }} as accepted_at
    from checked
)

select
    *,
    {{ row_status() }} as status,
    (row_rank = 1 and problem is null) as is_reference
from ranked
