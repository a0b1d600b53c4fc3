-- One row per delivered election of an accounting policy, with its fate in status.
{%- set key = ['entity_id', 'book', 'policy', 'effective_on'] %}
with delivered as (
    select * from {{ ref('stg_file_drop__policies') }}
),

entities as (
    select * from {{ ref('int_inputs__entities') }} where is_reference
),

policies as (
    select
        policy,
        {{ dbt.listagg("case value when '*' then 'a number such as 0.01 or 50000' else value end", "', '", 'order by value') }} as allowed_values,
        max(case when value = '*' then 1 else 0 end) = 1 as takes_a_number
    from {{ ref('policy_values') }}
    group by policy
),

policy_values as (
    select * from {{ ref('policy_values') }}
),

joined as (
    select
        delivered.*,
        entities.entity_id is not null or delivered.entity_id = '*' as has_entity,
        policies.allowed_values,
        case
            -- '*' stands for a number, not for itself.
            when policies.takes_a_number and delivered.value <> '' and regexp_replace(delivered.value, '^[0-9]{1,12}([.][0-9]{1,3})?$', '') = '' then true
            else policy_values.value is not null and delivered.value <> '*'
        end as is_allowed,
        coalesce(delivered.given_recorded_at, {{ beginning() }}) as recorded_at,
        {{ latest_of(['entities.known_at']) }} as referred_known_at
    from delivered
    left join entities
        on delivered.entity_id = entities.entity_id
    left join policies
        on delivered.policy = policies.policy
    left join policy_values
        on
            delivered.policy = policy_values.policy
            and delivered.value = policy_values.value
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_entity then {{ no_such('entity', 'entity_id') }}
            when allowed_values is null
                then {{ problem(
                    'policy', 'policy',
                    "'there is no policy ' || " ~ quoted('policy') ~ " || '; seeds/policy_values.csv lists them'"
                ) }}
            when not is_allowed
                then {{ problem(
                    'value', 'value',
                    "policy || ' cannot be ' || " ~ quoted('value') ~ " || '; it is one of: ' || allowed_values"
                ) }}
            {{ repetition_problems(key, 'value', 'this election', is_dated=false) }}
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
