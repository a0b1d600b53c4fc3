"""Steps that only read what was built: days, and the target beside the ledger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.building import size_of, tables_of

# By line and month: what the days add up to beside what the months say.
_DAYS_DIFFER = """
    select count(*)
    from (
        select entity_id, book, contract_id, line_id, strftime(recognized_on, '%Y-%m') as period, sum(amount) as amount
        from fresh.days
        group by all
    ) as days
    full join (
        select entity_id, book, contract_id, line_id, accounting_period as period, sum(amount) as amount
        from reports.recognition_by_period
        where accounting_period between '{first}' and '{last}'
        group by all
    ) as months
        on
            days.entity_id = months.entity_id
            and days.book = months.book
            and days.contract_id is not distinct from months.contract_id
            and days.line_id is not distinct from months.line_id
            and days.period = months.period
    where coalesce(days.amount, 0) <> coalesce(months.amount, 0)
"""

# Of every contract and role: the amounts, and the amounts weighted by their month, of target and ledger are the same.
# DuckDB adds in 128 bits, and a product beyond 64, of 10^14 units and more, would be an error.
_CONTRACTS_DIFFER = """
    select count(distinct contract_key)
    from (
        select contract_key
        from (
            select contract_key, role, period_no, amount_minor, functional_minor from engine.functional_postings
            union all
            select contract_key, role, accounting_period_no, -amount_minor, -functional_minor
            from engine.booked_postings
        ) as both_sides
        group by contract_key, role
        having
            sum(amount_minor) <> 0
            or sum(functional_minor) <> 0
            or sum(amount_minor * period_no) <> 0
            or sum(functional_minor * period_no) <> 0
    ) as unequal
"""


def all_days(database: str, folder: str, first: str, last: str) -> dict[str, Any]:
    """Every day of every line, as a table; see `_days`."""
    return _days(database, folder, first, last, condition="true")


def days_of_period(database: str, folder: str, period: str) -> dict[str, Any]:
    """The days of one month ('YYYY-MM') on demand; see `_days`."""
    first = f"date '{period}-01'"
    return _days(database, folder, period, period, condition=f"recognized_on between {first} and last_day({first})")


def _days(database: str, folder: str, first: str, last: str, condition: str) -> dict[str, Any]:
    """Write days into a fresh file, then copy them into another: CPU of both, rows, bytes, and what differs."""
    import duckdb

    from orchestration import warehouse

    files = [Path(folder) / f"days{number}.duckdb" for number in (1, 2)]
    try:
        for file in files:
            with warehouse.connect(file, read_only=False):
                pass
        with duckdb.connect() as connection:
            # Views name the file they were made in.
            connection.execute(f"attach '{database}' (read_only); use {Path(database).stem}")
            connection.execute(f"set temp_directory = '{folder}/days.tmp'")
            cpu, wall = _written(connection, files[0], "fresh", f"from reports.daily_recognition where {condition}")
            copy_cpu, _ = _written(connection, files[1], "copied", "from fresh.days")
            differ = connection.execute(_DAYS_DIFFER.format(first=first, last=last)).fetchone()[0]
            connection.execute("use copied")
            size = size_of(connection, "days")
    finally:
        for file in files:
            file.unlink(missing_ok=True)
    return {"cpu": cpu, "wall": wall, "copy_cpu": copy_cpu, "differ": differ, **size}


def _written(connection: Any, file: Path, name: str, query: str) -> tuple[float, float]:
    """CPU and wall seconds to write a query's rows as table `days` of a fresh file."""
    connection.execute(f"attach '{file}' as {name}")
    cpu, wall = time.process_time(), time.monotonic()
    connection.execute(f"create table {name}.days as {query}")
    connection.execute(f"checkpoint {name}")
    return time.process_time() - cpu, time.monotonic() - wall


def compare_contracts(database: str) -> dict[str, Any]:
    """Prove every contract: its target beside what is posted and drafted. Returns how many differ."""
    from orchestration import warehouse

    with warehouse.connect(Path(database)) as connection:
        cpu, wall = time.process_time(), time.monotonic()
        differ = connection.execute(_CONTRACTS_DIFFER).fetchone()[0]
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        contracts = connection.execute("select count(distinct contract_key) from engine.booked_postings").fetchone()[0]
    return {"cpu": cpu, "wall": wall, "differ": differ, "contracts": contracts}


def least_of_a_close(database: str, folder: str, period: str) -> dict[str, Any]:
    """CPU that no close of a month does without: to write the lines posted to it, and to hash them, once each."""
    import duckdb

    file = Path(folder) / "least.duckdb"
    ledger = f"{Path(database).stem}.ops.posted_journal_lines"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' (read_only)")
        connection.execute(
            f"create temp table lines as from {ledger} where posting_period_no ="
            f" {int(period[:4]) * 12 + int(period[5:]) - 1}"
        )
        connection.execute(f"attach '{file}' as fresh")
        started = time.process_time()
        connection.execute("create table fresh.lines as from temp.lines")
        connection.execute("checkpoint fresh")
        written = time.process_time()
        connection.execute("select sum(('0x' || left(md5(concat_ws('|', *columns(*))), 15))::bigint) from temp.lines")
        hashed = time.process_time()
    file.unlink()
    return {"write_cpu": written - started, "hash_cpu": hashed - written}


def least_of_a_night(database: str) -> dict[str, Any]:
    """CPU that no night does without: to look at every row of the inputs once."""
    from orchestration import warehouse

    with warehouse.connect(Path(database)) as connection:
        tables = tables_of(connection, Path(database).stem, ("inputs",))
        cpu = time.process_time()
        for schema, table in tables:
            connection.table(f"{schema}.{table}").query("t", "select sum(hash(t)::hugeint) from t").fetchall()
        return {"cpu": time.process_time() - cpu}
