{{ config(schema='reports', contract={'enforced': true}) }}
-- One row per failed check: the contract, entry or source row behind it, what was expected, what was found, one plain sentence.
with findings as (
    select
        findings.*,
        {{ dbt.hash("concat(rule, '|', coalesce(book, ''), '|', coalesce(source_id, ''), '|', actual)") }} as flag_id
    from {{ ref('int_close__findings') }} as findings
),

-- A live exception leaves the flag where it is and says who answers for it; the one that holds longest speaks.
excepted as (
    select
        findings.flag_id,
        exceptions.owner,
        exceptions.reason,
        row_number() over (
            partition by findings.flag_id order by exceptions.expires_on desc, exceptions.owner, exceptions.reason
        ) as preference
    from findings
    inner join {{ ref('int_close__exceptions') }} as exceptions
        on
            findings.rule = exceptions.rule
            and exceptions.entity_id in ('*', findings.entity_id)
            and exceptions.book in ('*', findings.book)
            and coalesce(exceptions.contract_id, findings.contract_id, '') = coalesce(findings.contract_id, '')
            and coalesce(exceptions.source_id, findings.source_id, '') = coalesce(findings.source_id, '')
),

-- What a person said of a flag holds until they say something else.
resolved as (
    select
        flag_id,
        resolution,
        actor,
        row_number() over (partition by flag_id order by seq desc) as age
    from {{ source('ops', 'flag_resolutions') }}
    where known_as_of <= '{{ var("as_of") }}'
),

periods as (
    select
        period_no,
        period
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
)

select
    findings.entity_id,
    findings.book,
    findings.flag_id,
    findings.rule,
    findings.severity,
    periods.period,
    findings.contract_id,
    findings.entry_id,
    findings.source_id,
    findings.expected,
    findings.actual,
    findings.explanation,
    cast(findings.first_seen_at as {{ dbt.type_timestamp() }}) as first_seen_at,
    case when excepted.flag_id is not null then concat('excepted: ', excepted.reason) else resolved.resolution end as resolution,
    coalesce(excepted.owner, resolved.actor) as resolved_by
from findings
left join excepted
    on
        findings.flag_id = excepted.flag_id
        and excepted.preference = 1
left join resolved
    on
        findings.flag_id = resolved.flag_id
        and resolved.age = 1
left join periods
    on {{ period_number('findings.flagged_on') }} = periods.period_no
