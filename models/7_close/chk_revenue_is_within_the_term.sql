-- One row per contract with a schedule that begins before the contract exists, or goes on after its obligation ended (invariant 17).
with contracts as (
    select * from {{ ref('contracts') }}
),

-- What is kept at a termination is recognised on its day, the day after the last of the term.
changes as (
    select
        contract_key,
        max(effective_on) as effective_on
    from {{ ref('contract_versions') }}
    group by contract_key
),

-- What is sold under a licence may be reported after its term (606-10-55-65).
licences as (
    select distinct contract_id
    from {{ ref('input_price_components') }}
    where kind = 'royalty'
),

schedules as (
    select
        shares.schedule_key,
        min(shares.line_key) as line_key
    from {{ ref('line_shares') }} as shares
    inner join contracts
        on shares.contract_key = contracts.contract_key
    group by shares.schedule_key
),

segments as (
    select
        segments.contract_key,
        segments.schedule_key,
        min(segments.recognized_from_on) as recognized_from_on,
        -- A slice may run on to the day of a change; nothing is left to recognise after its schedule.
        max(least(segments.recognized_to_on, segments.schedule_to_on)) as recognized_to_on,
        max(case when segments.schedule_from_on < segments.schedule_to_on then least(segments.recognized_to_on, segments.schedule_to_on) end) as spread_to_on
    from {{ ref('schedule_segments') }} as segments
    inner join contracts
        on segments.contract_key = contracts.contract_key
    where segments.cause = 'schedule'
    group by segments.contract_key, segments.schedule_key
),

bounded as (
    select
        contracts.*,
        obligations.obligation_id,
        segments.recognized_from_on,
        case when licences.contract_id is not null then segments.spread_to_on else segments.recognized_to_on end as recognized_to_on,
        case when not contracts.is_invoice_only then contracts.signed_on end as exists_from_on,
        case
            when obligations.recognition_method = 'straight_line'
                then greatest(
                    obligations.ends_on, coalesce(obligations.not_before_on, obligations.ends_on),
                    coalesce(changes.effective_on, obligations.ends_on)
                )
        end as ends_on
    from segments
    inner join schedules
        on segments.schedule_key = schedules.schedule_key
    inner join {{ ref('obligation_lines') }} as obligation_lines
        on schedules.line_key = obligation_lines.line_key
    inner join {{ ref('obligations') }} as obligations
        on obligation_lines.obligation_key = obligations.obligation_key
    inner join contracts
        on segments.contract_key = contracts.contract_key
    left join changes
        on segments.contract_key = changes.contract_key
    left join licences
        on contracts.contract_id = licences.contract_id
),

wrong as (
    select
        bounded.*,
        recognized_from_on < exists_from_on as is_early,
        cast(case when recognized_from_on < exists_from_on then exists_from_on else ends_on end as {{ dbt.type_string() }}) as bound,
        cast(case when recognized_from_on < exists_from_on then recognized_from_on else recognized_to_on end as {{ dbt.type_string() }}) as found,
        row_number() over (partition by contract_key order by obligation_id, recognized_from_on) as occurrence
    from bounded
    where recognized_from_on < exists_from_on or recognized_to_on > ends_on
)

select
    entity_id,
    book,
    'revenue_is_within_the_term' as rule,
    'block' as severity,
    recognized_from_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', obligation_id) as source_id,
    concat(case when is_early then 'not before ' else 'not after ' end, bound) as expected,
    found as actual,
    concat(
        'Obligation ', obligation_id, ' of contract ', contract_id, ' is recognised on ', found,
        case when is_early then ', before the contract exists (' else ', after it ended (' end, bound, ').'
    ) as explanation,
    recorded_at as first_seen_at
from wrong
where occurrence = 1
