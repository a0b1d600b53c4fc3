"""The input of the rivals: seeded by a hash of the number of the obligation, so that every run gets the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

EPOCH = date(1970, 1, 1)
FIRST_YEAR, YEARS = 2023, 5
Month = tuple[int, int, int]
Row = tuple[int, int, int, int]


def months() -> list[Month]:
    """Number (year × 12 + month − 1), first day and last day of every month that is rolled forward."""
    numbers = range(FIRST_YEAR * 12, (FIRST_YEAR + YEARS) * 12)
    return [(number, first_day(number), first_day(number + 1) - 1) for number in numbers]


def first_day(number: int) -> int:
    return (date(number // 12, number % 12 + 1, 1) - EPOCH).days


def month_of(day: int) -> int:
    on = EPOCH + timedelta(days=day)
    return on.year * 12 + on.month - 1


def write(path: Path, obligations: int) -> None:
    """Terms of one to three years that begin within two years: all are over when the months end."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                with drawn as (
                    select
                        no,
                        cast('0x' || left(md5(concat('start:', no)), 8) as bigint) % 730 as later,
                        cast('0x' || left(md5(concat('term:', no)), 8) as bigint) % 3 + 1 as years,
                        cast('0x' || left(md5(concat('amount:', no)), 8) as bigint) % 5000000 + 1 as amount_minor
                    from range({int(obligations)}) as numbers(no)
                )

                select
                    no as obligation_key,
                    amount_minor,
                    {first_day(FIRST_YEAR * 12)} + later as from_day,
                    {first_day(FIRST_YEAR * 12)} + later + years * 365 - 1 as to_day
                from drawn
                order by no
            ) to '{path}' (format parquet)
            """  # noqa: S608
        )


def read(path: Path) -> list[Row]:
    """Key, amount, first day, last day."""
    import duckdb

    return duckdb.sql(f"from '{path}' order by obligation_key").fetchall()


def rolled(billed: dict[int, int], recognised: dict[int, int]) -> Iterator[Row]:
    """Month, billed, recognised, deferred at its end."""
    deferred = 0
    for number, _, _ in months():
        deferred += billed.get(number, 0) - recognised.get(number, 0)
        yield number, billed.get(number, 0), recognised.get(number, 0), deferred


def rounded(amount: int, part: int, whole: int) -> int:
    """amount × part ÷ whole, half away from zero: macros/money/rounded_share.sql."""
    return (2 * amount * part + whole) // (2 * whole)
