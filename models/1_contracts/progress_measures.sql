-- One row per line of an accounted contract and day of measurement: as it was recorded, or as it was accepted with an opening balance.
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
)

select * from recorded
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
