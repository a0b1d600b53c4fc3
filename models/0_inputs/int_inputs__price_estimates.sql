-- One row per delivered scenario of a price estimate, with its fate in status.
{%- set key = ['component_id', 'estimated_on', 'book', 'scenario'] %}
{%- set estimate = 'partition by component_id, estimated_on, book, recorded_at' %}
with delivered as (
    select * from {{ ref('stg_file_drop__price_estimates') }}
),

components as (
    select * from {{ ref('int_inputs__price_components') }} where is_reference
),

currencies as (
    select * from {{ ref('currencies') }}
),

joined as (
    select
        delivered.*,
        components.component_id is not null as has_component,
        components.entity_id,
        components.currency,
        currencies.minor_units,
        {{ to_minor('delivered.amount', 'currencies.minor_units') }} as amount_minor,
        {{ to_minor('delivered.constrained_to', 'currencies.minor_units') }} as constrained_to_minor,
        {{ recorded_or_start_of('delivered.estimated_on') }} as recorded_at,
        {{ latest_of(['components.known_at']) }} as referred_known_at
    from delivered
    left join components
        on delivered.component_id = components.component_id
    left join currencies
        on components.currency = currencies.currency
),

checked as (
    select
        *,
        greatest(recorded_at, referred_known_at) as known_at,
        case
            when not has_component then {{ no_such('component', 'component_id') }}
            {{ amount_problems('amount') }}
            {{ amount_problems('constrained_to') }}
            when probability < 0 or probability > 1
                then {{ problem('probability', 'probability', "'probability must be between 0 and 1'") }}
            {{ repetition_problems(key, 'scenario', 'this scenario') }}
        end as own_problem
    from joined
),

-- An estimate is all rows of one component, date and book that were recorded together.
counted as (
    select
        *,
        row_number() over (
            partition by component_id, estimated_on, book, recorded_at, scenario, content_hash
            order by file_line
        ) as repeat_no
    from checked
),

summed as (
    select
        *,
        sum(case when repeat_no = 1 then 1 else 0 end) over ({{ estimate }}) as scenarios,
        sum(case when repeat_no = 1 then probability end) over ({{ estimate }}) as total_probability,
        max(case when own_problem is not null then 1 else 0 end) over ({{ estimate }}) as has_bad_scenario
    from counted
),

judged as (
    select
        *,
        case
            when own_problem is not null then own_problem
            when has_bad_scenario = 1
                then {{ problem('scenario', 'scenario', "'another scenario of this estimate was rejected'") }}
            when method = 'stated' and scenarios > 1
                then {{ problem(
                    'method', 'method',
                    "'a stated estimate is one row; use expected_value or most_likely'"
                ) }}
            when method <> 'stated' and coalesce(total_probability, 0) <> 1
                then {{ problem(
                    'probability', 'probability',
                    "'the probabilities of this estimate do not add up to 1'"
                ) }}
        end as problem
    from summed
),

-- The estimate recorded last counts, with all its scenarios.
ranked as (
    select
        *,
        case
            when repeat_no > 1 then 2
            else
                dense_rank() over (
                    partition by component_id, estimated_on, book
                    order by
                        case when problem is not null then 2 when known_at > {{ as_of() }} then 1 else 0 end,
                        recorded_at desc
                )
        end as row_rank,
        {{ accepted_at(['component_id', 'estimated_on', 'book']) }} as accepted_at
    from judged
)

select
    *,
    {{ row_status() }} as status
from ranked
