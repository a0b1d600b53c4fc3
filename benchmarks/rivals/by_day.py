"""A row for every day of every obligation: the usual way, as a loop and as data frames. Spark: spark_driver.py."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from benchmarks.rivals.obligations import Row, month_of, months, read, rolled


def decimal_loop(path: Path) -> list[Row]:
    """A loop over days with Decimal, each day a row of a SQLite file in memory, summed there."""
    import sqlite3

    unit = Decimal("0.01")
    billed: Counter[int] = Counter()
    with sqlite3.connect(":memory:") as ledger:
        ledger.execute("create table days (obligation integer, day integer, amount integer)")
        for key, amount_minor, from_day, to_day in read(path):
            amount, term, before = Decimal(amount_minor) / 100, to_day - from_day + 1, Decimal(0)
            billed[month_of(from_day)] += amount_minor
            days = []
            for gone in range(1, term + 1):
                earned = (amount * gone / term).quantize(unit, ROUND_HALF_UP)
                days.append((key, from_day + gone - 1, int((earned - before) * 100)))
                before = earned
            ledger.executemany("insert into days values (?, ?, ?)", days)
        ends = ", ".join(f"({number}, {first}, {last})" for number, first, last in months())
        recognised = ledger.execute(
            f"with months(number, first_day, last_day) as (values {ends})"  # noqa: S608
            " select number, sum(amount) from days join months on day between first_day and last_day group by number"
        ).fetchall()
    return list(rolled(billed, dict(recognised)))


def pandas_days(path: Path) -> list[Row]:
    """pandas and NumPy, vectorised: all days at once as columns of integers."""
    import numpy as np
    import pandas as pd

    terms = pd.read_parquet(path)
    term = (terms.to_day - terms.from_day + 1).to_numpy()
    days = pd.DataFrame(
        {name: np.repeat(terms[name].to_numpy(), term) for name in ("obligation_key", "amount_minor", "from_day")}
    )
    days["term"] = np.repeat(term, term)
    days["gone"] = days.groupby("obligation_key").cumcount() + 1
    days["earned"] = (2 * days.amount_minor * days.gone + days.term) // (2 * days.term)
    days["daily"] = days.earned - days.groupby("obligation_key").earned.shift(fill_value=0)
    days["month"] = _months_of(days.from_day + days.gone - 1)
    recognised = days.groupby("month").daily.sum()
    terms["month"] = _months_of(terms.from_day)
    billed = terms.groupby("month").amount_minor.sum()
    return list(rolled({int(k): int(v) for k, v in billed.items()}, {int(k): int(v) for k, v in recognised.items()}))


def _months_of(days):  # type: ignore[no-untyped-def]
    import numpy as np

    return days.to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def polars_days(path: Path) -> list[Row]:
    """polars, lazily: the same columns."""
    import polars as pl

    day = pl.col("day").cast(pl.Int32).cast(pl.Date)
    month = (day.dt.year().cast(pl.Int64) * 12 + day.dt.month() - 1).alias("month")
    terms = pl.scan_parquet(path)
    term, gone = pl.col("to_day") - pl.col("from_day") + 1, pl.col("day") - pl.col("from_day") + 1
    amount = pl.col("amount_minor")

    def earned(gone: pl.Expr) -> pl.Expr:
        return (2 * amount * gone + term) // (2 * term)

    recognised = (
        terms.with_columns(day=pl.int_ranges("from_day", pl.col("to_day") + 1))
        .explode("day")
        .with_columns(daily=earned(gone) - earned(gone - 1))
        .group_by(month)
        .agg(pl.col("daily").sum())
        .collect()
    )
    billed = terms.with_columns(day="from_day").group_by(month).agg(amount.sum()).collect()
    return list(rolled(dict(billed.iter_rows()), dict(recognised.iter_rows())))
