with dates as (
    select 'epoch' as what, date '1970-01-01' as day_value
    union all
    select 'before the epoch', date '1969-12-31'
    union all
    select 'leap day', date '2024-02-29'
    union all
    select 'far', date '2199-12-31'
    union all
    select 'null', cast(null as date)
),

numbered as (
    select what, day_value, {{ day_number('day_value') }} as day_no from dates
)

select
    what,
    day_no,
    {{ day_from_number('day_no') }} as back_again,
    {{ day_from_number('day_no + 1') }} as next_day
from numbered
