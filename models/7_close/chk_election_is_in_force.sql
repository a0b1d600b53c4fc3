-- One row per election that takes effect after the last period of the run and is used for it (invariant 62).
with elections as (
    select * from {{ ref('policy_elections') }}
    where not is_default
),

policies as (
    select * from {{ ref('input_policies') }}
),

early as (
    select distinct
        elections.entity_id,
        elections.book,
        elections.policy,
        elections.value,
        late.effective_on
    from elections
    inner join policies as late
        on
            elections.policy = late.policy
            and elections.value = late.value
            and late.entity_id in (elections.entity_id, '*')
            and late.book in (elections.book, '*')
    -- The same election may have been in force before.
    left join policies as standing
        on
            late.entity_id = standing.entity_id
            and late.book = standing.book
            and late.policy = standing.policy
            and late.value = standing.value
            and coalesce(standing.effective_on, cast('1900-01-01' as date)) <= cast('{{ through_last_day() }}' as date)
    where
        late.effective_on > cast('{{ through_last_day() }}' as date)
        and late.effective_on <= cast('{{ var("as_of")[:10] }}' as date)
        and standing.entity_id is null
)

select
    entity_id,
    book,
    'election_is_in_force' as rule,
    'review' as severity,
    cast('{{ through_last_day() }}' as date) as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(entity_id, ':', policy) as source_id,
    'an election in force on {{ through_last_day() }}' as expected,
    concat(value, ', from ', cast(effective_on as {{ dbt.type_string() }})) as actual,
    concat(
        'Policy ', policy, ' of entity ', entity_id, ' is ', value, ' from ', cast(effective_on as {{ dbt.type_string() }}),
        ' on; periods up to {{ through_last_day() }} are computed by it.'
    ) as explanation,
    cast(effective_on as {{ dbt.type_timestamp() }}) as first_seen_at
from early
