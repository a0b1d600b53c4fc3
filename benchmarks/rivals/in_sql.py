"""revrec's own way: what is earned by the end of a month is a formula, and a term has a row for each of its months."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rivals.obligations import FIRST_YEAR, YEARS, Row

QUERY = """
with obligations as (
    select *, to_day - from_day + 1 as term_days, from_month, to_month
    from (
        select
            *,
            year(date '1970-01-01' + from_day::int) * 12 + month(date '1970-01-01' + from_day::int) - 1 as from_month,
            year(date '1970-01-01' + to_day::int) * 12 + month(date '1970-01-01' + to_day::int) - 1 as to_month
        from '{path}'
    )
),

calendar as (
    select number, date_diff('day', date '1970-01-01', make_date(number // 12, number % 12 + 1, 1)) as first_day
    from range({first}, {last} + 1) as numbers(number)
),

segments as (
    select amount_minor, from_day, to_day, term_days, unnest(range(from_month, to_month + 1)) as number
    from obligations
),

earned as (
    select
        segments.number,
        sum(
            case
                when after.first_day > to_day then amount_minor
                else (2 * amount_minor * (after.first_day - from_day) + term_days) // (2 * term_days)
            end
            - case
                when calendar.first_day <= from_day then 0
                else (2 * amount_minor * (calendar.first_day - from_day) + term_days) // (2 * term_days)
            end
        ) as recognised_minor
    from segments
    inner join calendar on segments.number = calendar.number
    inner join calendar as after on segments.number + 1 = after.number
    group by segments.number
),

billed as (
    select from_month as number, sum(amount_minor) as billed_minor
    from obligations
    group by from_month
)

select
    calendar.number,
    coalesce(billed_minor, 0)::bigint as billed_minor,
    coalesce(recognised_minor, 0)::bigint as recognised_minor,
    sum(coalesce(billed_minor, 0) - coalesce(recognised_minor, 0))
        over (order by calendar.number)::bigint as deferred_minor
from calendar
left join earned on calendar.number = earned.number
left join billed on calendar.number = billed.number
where calendar.number < {last}
order by calendar.number
"""


def closed_form(path: Path) -> list[Row]:
    """DuckDB, one query: schedule_segments and the roll-forward of the models, without their other columns."""
    import duckdb

    first = FIRST_YEAR * 12
    return duckdb.sql(QUERY.format(path=path, first=first, last=first + YEARS * 12)).fetchall()
