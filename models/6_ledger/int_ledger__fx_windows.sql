-- One row per schedule slice of a contract in a foreign currency and span of days within which revenue has one rate and one layer.
with segments as (
    select segments.*
    from {{ ref('schedule_segments') }} as segments
    inner join {{ ref('foreign_contracts') }} as foreign_contracts
        on segments.contract_key = foreign_contracts.contract_key
    inner join {{ ref('changed_contracts') }} as changed
        on segments.contract_key = changed.contract_key
    where segments.recognized_from_on <= cast('{{ through_last_day() }}' as date)
),

breaks as (
    select * from {{ ref('int_ledger__fx_breaks') }}
),

ends as (
    select
        segments.*,
        breaks.break_on as through_on
    from segments
    inner join breaks
        on
            segments.contract_key = breaks.contract_key
            and breaks.break_on >= segments.recognized_from_on
            and breaks.break_on < segments.recognized_to_on
    union all
    select
        segments.*,
        segments.recognized_to_on as through_on
    from segments
    where segments.recognized_to_on <= cast('{{ through_last_day() }}' as date)
)

select
    ends.*,
    convention in ('daily', 'thirty_360') as is_by_days,
    coalesce(
        lag(through_on) over (partition by contract_key, schedule_key, slice_from_on, cause order by through_on),
        cast({{ dbt.dateadd('day', -1, 'recognized_from_on') }} as date)
    ) as before_on,
    {{ period_number('through_on') }} - first_period_no + 1 as month_no,
    greatest(cast({{ dbt.date_trunc('month', 'through_on') }} as date), schedule_from_on) as month_from_on,
    least(cast({{ dbt.last_day('through_on', 'month') }} as date), schedule_to_on) as month_to_on
from ends
