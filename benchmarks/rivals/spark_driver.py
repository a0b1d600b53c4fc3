"""Spark's side of the comparison: `python -m benchmarks.rivals.spark_driver MASTER FOLDER`, in Spark's environment.

Reads orders from standard input, one JSON object a line: a query of this module by name and a file of obligations.
Answers each with a line: its rows. A session stays for all of them, so what is timed is the query and not the start.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.rivals.obligations import Row, rolled

ON = "date_add(date '1970-01-01', cast({0} as int))"
MONTH = f"year({ON}) * 12 + month({ON}) - 1"
FIRST_DAY = "datediff(make_date(cast(({0}) div 12 as int), cast(({0}) % 12 + 1 as int), 1), date '1970-01-01')"
EARNED = "(2 * amount_minor * ({0}) + to_day - from_day + 1) div (2 * (to_day - from_day + 1))"

QUERIES = {
    # The usual way: the days of a term are a sequence that is exploded.
    "days": f"""
        with days as (select *, explode(sequence(from_day, to_day)) as day from obligations)

        select
            {MONTH.format("day")} as month,
            sum({EARNED.format("day - from_day + 1")} - {EARNED.format("day - from_day")}) as recognised_minor
        from days
        group by 1
    """,  # noqa: S608
    # revrec's way: a row for each month of a term, and a formula for what is earned by its ends.
    "closed_form": f"""
        with terms as (
            select *, {MONTH.format("from_day")} as from_month, {MONTH.format("to_day")} as to_month from obligations
        ),

        segments as (select *, explode(sequence(from_month, to_month)) as month from terms),

        windows as (
            select
                *,
                greatest({FIRST_DAY.format("month")} - from_day, 0) as days_before,
                least({FIRST_DAY.format("month + 1")}, to_day + 1) - from_day as days_through
            from segments
        )

        select month, sum({EARNED.format("days_through")} - {EARNED.format("days_before")}) as recognised_minor
        from windows
        group by 1
    """,  # noqa: S608
}
BILLED = f"select {MONTH.format('from_day')}, sum(amount_minor) from obligations group by 1"  # noqa: S608


def start(master: str, folder: Path) -> Any:
    """A session on the cluster, with what a small one needs: a partition of a shuffle for each core."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        # A file of this size is one partition otherwise, and the second core has nothing to do.
        "spark.sql.files.maxPartitionBytes": "1m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master(master).appName("rivals")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def rows_of(session: Any, query: str, file: str) -> list[Row]:
    session.read.parquet(file).createOrReplaceTempView("obligations")
    recognised, billed = session.sql(QUERIES[query]).collect(), session.sql(BILLED).collect()
    return list(rolled({row[0]: row[1] for row in billed}, {row[0]: row[1] for row in recognised}))


def main(master: str, folder: str) -> None:
    session = start(master, Path(folder))
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(rows_of(session, order["query"], order["file"])), flush=True)
    session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
