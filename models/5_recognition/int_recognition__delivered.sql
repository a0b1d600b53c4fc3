-- One row per obligation and measurement of its progress: what is satisfied in all by then (606-10-25-31 to 25-37).
with obligations as (
    select * from {{ ref('obligations') }}
    where recognition_method in ('point_in_time', 'units', 'milestone', 'percent_complete')
),

obligation_lines as (
    select * from {{ ref('obligation_lines') }}
),

terms as (
    select * from {{ ref('contract_terms') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

progress as (
    select * from {{ ref('progress_measures') }}
),

-- What several lines of an obligation state is one measure.
measured as (
    select distinct
        obligations.obligation_key,
        progress.measured_on,
        progress.to_date,
        {{ measured_against('obligations.recognition_method', 'progress.expected', 'obligations.quantity', 'contracts.breakage') }} as expected
    from progress
    inner join terms
        on
            progress.contract_key = terms.contract_key
            and progress.line_id = terms.line_id
    inner join obligation_lines
        on terms.line_key = obligation_lines.line_key
    inner join obligations
        on obligation_lines.obligation_key = obligations.obligation_key
    inner join contracts
        on obligations.contract_key = contracts.contract_key
    where
        obligations.recognition_method <> 'units'
        or obligations.expires_on is null
        or progress.measured_on <= obligations.expires_on
),

-- Millionths, so that a measure with decimals stays an exact fraction.
fractions as (
    select
        obligation_key,
        measured_on as satisfied_on,
        cast(case when to_date > expected then expected else to_date end * 1000000 as {{ dbt.type_bigint() }}) as part,
        cast(expected * 1000000 as {{ dbt.type_bigint() }}) as whole,
        'schedule' as cause
    from measured
    where expected > 0
),

-- Delivered as a whole: on the day the terms give, where nothing was measured; a right that lapses, on its last day (55-48).
wholes as (
    select
        obligations.obligation_key,
        case when obligations.recognition_method = 'units' then obligations.expires_on else obligations.satisfied_on end as satisfied_on,
        cast(1 as {{ dbt.type_bigint() }}) as part,
        cast(1 as {{ dbt.type_bigint() }}) as whole,
        case when obligations.recognition_method = 'units' then 'breakage' else 'schedule' end as cause
    from obligations
    left join (select distinct obligation_key from fractions) as measured_obligations
        on obligations.obligation_key = measured_obligations.obligation_key
    where
        (obligations.recognition_method = 'point_in_time' and measured_obligations.obligation_key is null)
        or (obligations.recognition_method = 'units' and obligations.expires_on is not null)
)

select * from fractions
union all
select * from wholes
