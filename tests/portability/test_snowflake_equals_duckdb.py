"""Snowflake's dialect, through dbt-snowflake and its connector, lives through what DuckDB did and holds its tables.

The server is fakesnow, which speaks Snowflake's protocol and translates its dialect to a DuckDB of its own: what is
proven is that our text means the same in that dialect, as far as the translation knows it, and that the adapter,
its DDL and the functions' source work end to end; not how Snowflake's own engine computes.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import duckdb

from tests.portability import journey
from tests.portability.canonical import lines_of
from tests.portability.comparison import columns_of, compare, export_raw, must_be_chained, must_be_equal
from tests.portability.engines import environment
from tests.portability.engines.dbt_commands import run_apart
from tests.portability.engines.fake_snowflake import profile_for, server

TYPES = {"TIMESTAMP WITH TIME ZONE": "timestamp_tz", "TIMESTAMP": "timestamp_ntz"}
BATCH = 500


def literal(value: Any) -> str:
    """A value of a raw table; a backslash starts an escape there."""
    if value is None:
        return "null"
    escaped = str(value).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def load(cursor: Any, raw: list[dict[str, Any]]) -> None:
    """What the loader wrote, with its types; rows are added to tables that are there."""
    for table in raw:
        name = f"{table['schema']}.{table['table']}"
        described = [(column, TYPES.get(kind, kind)) for column, kind in table["columns"]]
        columns = ", ".join(f"{column} {kind}" for column, kind in described)
        cursor.execute(f"create schema if not exists {table['schema']}")
        cursor.execute(f"create table if not exists {name} ({columns})")
        rows = duckdb.read_parquet(f"{table['at']}/rows.parquet").fetchall() if table["rows"] else []
        typed = ", ".join(f"cast(column{number} as {kind})" for number, (_, kind) in enumerate(described, 1))
        for first in range(0, len(rows), BATCH):
            values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows[first : first + BATCH])
            cursor.execute(f"insert into {name} select {typed} from values {values}")  # noqa: S608


def test_snowflakes_dialect_lives_through_what_duckdb_did(played: Path, project_root: Path, tmp_path: Path) -> None:
    import snowflake.connector

    python, started = environment.python_of("snowflake"), time.monotonic()

    with (
        duckdb.connect(str(played / "first.duckdb"), read_only=True) as first,
        duckdb.connect(str(played / "second.duckdb"), read_only=True) as second,
        server(python, tmp_path / "server.log") as reach,
        snowflake.connector.connect(**reach, session_parameters={"QUERY_TAG": "portability"}) as connection,
    ):
        cursor, build = connection.cursor(), [*journey.BUILD, "--threads", "1"]
        for statement in ("create database REVREC", "use database REVREC", "use schema main"):
            cursor.execute(statement)
        (tmp_path / "profiles.yml").write_text(profile_for(project_root / "profiles.example.yml", reach))

        def fetched(source: duckdb.DuckDBPyConnection, schema: str, table: str) -> tuple[list[str], list[Any]]:
            # The server keeps wide integers as DuckDB does, and can send them only as decimals.
            wide = [name for name, kind in columns_of(source, schema, table) if kind == "HUGEINT"]
            sent = ", ".join(f"cast({name} as decimal(37, 0)) as {name}" for name in wide)
            chosen = f"* exclude ({', '.join(wide)}), {sent}" if wide else "*"
            cursor.execute(f"select {chosen} from {schema}.{table}")  # noqa: S608
            return [column.name.lower() for column in cursor.description], cursor.fetchall()

        load(cursor, export_raw(first, tmp_path / "first"))
        run_apart("snowflake", tmp_path, journey.VARIABLES, [build])
        result = compare(
            "Snowflake's dialect, first build",
            first,
            lambda schema, table: lines_of(f"{schema}.{table}", *fetched(first, schema, table)),
        )
        print(f"first build in {time.monotonic() - started:.0f} s")
        must_be_equal(result)
        load(cursor, export_raw(second, tmp_path / "second", played / "first.duckdb"))
        run_apart("snowflake", tmp_path, journey.VARIABLES, [*journey.decided(played), build])
        result = compare(
            "Snowflake's dialect, second build",
            second,
            lambda schema, table: lines_of(f"{schema}.{table}", *fetched(second, schema, table)),
        )
        must_be_equal(result)
        columns, rows = fetched(second, "ops", "audit_log")
    must_be_chained([dict(zip(columns, row, strict=True)) for row in rows])
    print(f"in {time.monotonic() - started:.0f} s")
