-- One row per contract and opening balance of one of its lines that cannot be taken over as it stands.
with openings as (
    select * from {{ ref('int_contracts__openings') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

measured as (
    select
        contract_id,
        line_id,
        min(measured_on) as measured_on
    from {{ ref('input_progress') }}
    group by contract_id, line_id
),

reasons as (
    select
        contract_key,
        concat('the opening balances of line ', line_id, ' contradict each other') as reason
    from openings
    where not is_consistent
    union all
    select
        openings.contract_key,
        concat('line ', openings.line_id, ' has an opening balance and is in none of its versions') as reason
    from openings
    left join terms
        on
            openings.contract_key = terms.contract_key
            and openings.line_id = terms.line_id
    where terms.line_key is null
    union all
    select
        openings.contract_key,
        concat('line ', openings.line_id, ' is measured by progress and its opening balance has no progress_to_date') as reason
    from openings
    inner join terms
        on
            openings.contract_key = terms.contract_key
            and openings.line_id = terms.line_id
    left join measured
        on
            terms.contract_id = measured.contract_id
            and terms.line_id = measured.line_id
    where
        terms.recognition_method in ('units', 'milestone', 'percent_complete')
        and openings.recognized_minor <> 0 and openings.progress_to_date is null
        and coalesce(measured.measured_on >= openings.starts_on, true)
)

select distinct
    contract_key,
    reason
from reasons
