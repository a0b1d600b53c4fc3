-- One row per calendar and fiscal period. period_no counts periods without gaps, so that schedules can be expanded in closed form.
with calendars as (
    select distinct calendar
    from {{ ref('input_entities') }}
),

months as (
    select
        calendars.calendar,
        {{ series_value() }} as period_no
    from {{ series_join('calendars', '1990 * 12', '2100 * 12 + 11') }}
),

dated as (
    select
        calendar,
        period_no,
        cast({{ dbt.dateadd('month', 'period_no - 1990 * 12', "cast('1990-01-01' as date)") }} as date) as starts_on
    from months
)

select
    calendar,
    period_no,
    concat(
        cast(extract(year from starts_on) as {{ dbt.type_string() }}),
        case when extract(month from starts_on) < 10 then '-0' else '-' end,
        cast(extract(month from starts_on) as {{ dbt.type_string() }})
    ) as period,
    starts_on,
    cast({{ dbt.last_day('starts_on', 'month') }} as date) as ends_on
from dated
