-- One row per day, 1990 to 2100: the day before it and the month it is in. A list to join, so that who asks for a month makes no other days.
with span as (
    select
        {{ day_number("cast('1990-01-01' as date)") }} as first_day,
        {{ day_number("cast('2100-12-31' as date)") }} as last_day
),

days as (
    select
        {{ day_from_number(series_value()) }} as day_on,
        {{ day_from_number(series_value() ~ ' - 1') }} as before_on
    from {{ series_join('span', 'span.first_day', 'span.last_day') }}
)

select
    day_on,
    before_on,
    {{ period_number('day_on') }} as period_no
from days
