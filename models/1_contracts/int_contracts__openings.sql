-- One row per contract, book and line with an accepted opening balance: where it begins, what was recognised and billed before.
with given as (
    select
        contract_key,
        line_id,
        min(entity_id) as entity_id,
        min(period) as period,
        min(recognized_to_date_minor) as recognized_minor,
        min(billed_to_date_minor) as billed_minor,
        min(progress_to_date) as progress_to_date,
        min(period) = max(period)
        and min(recognized_to_date_minor) = max(recognized_to_date_minor)
        and min(billed_to_date_minor) = max(billed_to_date_minor)
        and coalesce(min(progress_to_date) = max(progress_to_date), true) as is_consistent
    from {{ ref('int_contracts__opening_rows') }}
    group by contract_key, line_id
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
)

select
    given.*,
    periods.period_no,
    periods.starts_on,
    cast({{ dbt.dateadd('day', -1, 'periods.starts_on') }} as date) as opened_on
from given
left join periods
    on given.period = periods.period
