"""revrec's own way: a formula says what is earned by the end of a month; a month recognises what that is more by."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rivals.obligations import FIRST_YEAR, YEARS, Row

QUERY = """
with obligations as (
    select
        *,
        to_day - from_day + 1 as term_days,
        year(date '1970-01-01' + from_day::int) * 12 + month(date '1970-01-01' + from_day::int) - 1 as from_month,
        year(date '1970-01-01' + to_day::int) * 12 + month(date '1970-01-01' + to_day::int) - 1 as to_month
    from '{path}'
),

calendar as (
    select
        number,
        date_diff('day', date '1970-01-01', make_date((number + 1) // 12, (number + 1) % 12 + 1, 1)) as day_after
    from range({first}, {last}) as numbers(number)
),

segments as (
    select amount_minor, from_day, term_days, unnest(range(from_month, to_month)) as number
    from obligations
),

-- What is earned by the end of a month, of the terms that go on after it.
running as (
    select
        segments.number,
        sum((2 * amount_minor * (day_after - from_day) + term_days) // (2 * term_days)) as earned_minor
    from segments
    inner join calendar on segments.number = calendar.number
    group by segments.number
),

billed as (
    select from_month as number, sum(amount_minor) as billed_minor
    from obligations
    group by from_month
),

ended as (
    select to_month as number, sum(amount_minor) as ended_minor
    from obligations
    group by to_month
),

cumulative as (
    select
        calendar.number,
        coalesce(billed_minor, 0) as billed_minor,
        coalesce(earned_minor, 0) + sum(coalesce(ended_minor, 0)) over (order by calendar.number) as earned_minor
    from calendar
    left join running on calendar.number = running.number
    left join billed on calendar.number = billed.number
    left join ended on calendar.number = ended.number
)

select
    number,
    billed_minor::bigint as billed_minor,
    (earned_minor - lag(earned_minor, 1, 0) over (order by number))::bigint as recognised_minor,
    (sum(billed_minor) over (order by number) - earned_minor)::bigint as deferred_minor
from cumulative
order by number
"""


def closed_form(path: Path) -> list[Row]:
    """DuckDB, one query: the formula of the models' schedules and their roll-forward, cumulative then difference."""
    import duckdb

    first = FIRST_YEAR * 12
    return duckdb.sql(QUERY.format(path=path, first=first, last=first + YEARS * 12)).fetchall()
