-- One row per line of an accounted contract and day of measurement: as it was recorded or used, or as it was accepted with an opening balance.
with recorded as (
    select
        contracts.contract_key,
        progress.line_id,
        progress.measured_on,
        progress.to_date,
        progress.expected,
        progress.at_cost_minor
    from {{ ref('input_progress') }} as progress
    inner join {{ ref('known_contracts') }} as contracts
        on progress.contract_id = contracts.contract_id
),

openings as (
    select * from {{ ref('opening_lines') }}
    where progress_to_date is not null
),

-- Units are delivered or used. What is used adds up to a measure, from the one that was accepted on, where none was recorded.
used as (
    select
        terms.contract_key,
        terms.line_id,
        usage.used_on,
        max(openings.progress_to_date) as before_quantity,
        sum(usage.quantity) as quantity
    from {{ ref('input_usage') }} as usage
    inner join {{ ref('known_contract_terms') }} as terms
        on
            usage.contract_id = terms.contract_id
            and usage.line_id = terms.line_id
            and terms.recognition_method = 'units'
    left join openings
        on
            terms.contract_key = openings.contract_key
            and terms.line_id = openings.line_id
    left join (select distinct contract_key, line_id from recorded) as measured
        on
            terms.contract_key = measured.contract_key
            and terms.line_id = measured.line_id
    where measured.contract_key is null and (openings.contract_key is null or usage.used_on > openings.opened_on)
    group by terms.contract_key, terms.line_id, usage.used_on
)

select * from recorded
union all
select
    contract_key,
    line_id,
    used_on as measured_on,
    cast(coalesce(before_quantity, 0) + sum(quantity) over (
        partition by contract_key, line_id order by used_on rows between unbounded preceding and current row
    ) as decimal(28, 9)) as to_date,
    cast(null as decimal(28, 9)) as expected,
    cast(null as {{ dbt.type_bigint() }}) as at_cost_minor
from used
union all
select
    openings.contract_key,
    openings.line_id,
    openings.opened_on as measured_on,
    openings.progress_to_date as to_date,
    cast(null as decimal(28, 9)) as expected,
    cast(null as {{ dbt.type_bigint() }}) as at_cost_minor
from openings
left join recorded
    on
        openings.contract_key = recorded.contract_key
        and openings.line_id = recorded.line_id
        and openings.opened_on = recorded.measured_on
where recorded.contract_key is null
