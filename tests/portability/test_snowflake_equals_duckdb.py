"""Every oracle case, built by dbt-snowflake through the real connector, gives the tables that DuckDB gives.

The server is fakesnow, which speaks Snowflake's protocol and translates its dialect to a DuckDB of its own: what is
proven is that our text means the same in that dialect, as far as the translation knows it, and that the adapter,
its DDL and the functions' source work end to end; not how Snowflake's own engine computes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from tests.portability.canonical import lines_of
from tests.portability.comparison import columns_of, compare, compared_tables, must_be_equal, tables, variables
from tests.portability.engines import environment
from tests.portability.engines.fake_snowflake import profile_for, server

TYPES = {"TIMESTAMP WITH TIME ZONE": "timestamp_tz", "TIMESTAMP": "timestamp_ntz"}
BATCH = 500


def literal(value: Any) -> str:
    """A value of a raw table; a backslash starts an escape there."""
    if value is None:
        return "null"
    escaped = str(value).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def copy_raw_tables(source: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    """What the loader wrote, with its types."""
    for schema, table in tables(source, "raw_.*"):
        described = [(name, TYPES.get(kind, kind)) for name, kind in columns_of(source, schema, table)]
        columns = ", ".join(f"{name} {kind}" for name, kind in described)
        cursor.execute(f"create schema if not exists {schema}")
        cursor.execute(f"create table {schema}.{table} ({columns})")
        rows = source.execute(f'from "{schema}"."{table}"').fetchall()
        typed = ", ".join(f"cast(column{number} as {kind})" for number, (_, kind) in enumerate(described, 1))
        for first in range(0, len(rows), BATCH):
            values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows[first : first + BATCH])
            cursor.execute(f"insert into {schema}.{table} select {typed} from values {values}")  # noqa: S608


def build(project_root: Path, folder: Path, settings: str) -> str:
    """dbt build on the server; what dbt printed if it failed."""
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--target", "snowflake", "--vars", settings]
    command += ["--exclude-resource-type", "unit_test", "--threads", "1"]
    command += ["--exclude-resource-type", "test"]
    command += ["--profiles-dir", str(folder), "--target-path", str(folder / "target"), "--log-path", str(folder)]
    done = subprocess.run(command, cwd=project_root, env=os.environ, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout


def test_every_case_gives_the_same_tables_in_snowflakes_dialect(
    cases_database: Path, project_root: Path, tmp_path: Path
) -> None:
    import snowflake.connector

    python, started = environment.python_of("snowflake"), time.monotonic()
    with (
        duckdb.connect(str(cases_database), read_only=True) as source,
        server(python, tmp_path / "server.log") as reach,
        snowflake.connector.connect(**reach, session_parameters={"QUERY_TAG": "portability"}) as connection,
    ):
        cursor = connection.cursor()
        for statement in ("create database REVREC", "use database REVREC", "use schema main"):
            cursor.execute(statement)
        copy_raw_tables(source, cursor)
        (tmp_path / "profiles.yml").write_text(profile_for(project_root / "profiles.example.yml", reach))
        assert build(project_root, tmp_path, variables(source)) == ""
        built = time.monotonic() - started

        def read(schema: str, table: str) -> list[str]:
            # The server keeps wide integers as DuckDB does, and can send them only as decimals.
            listed = [
                f"cast({name} as decimal(37, 0)) as {name}" if kind == "HUGEINT" else name
                for name, kind in columns_of(source, schema, table)
            ]
            cursor.execute(f"select {', '.join(listed)} from {schema}.{table}")  # noqa: S608
            return lines_of([column.name for column in cursor.description], cursor.fetchall())

        result = compare("Snowflake's dialect", source, compared_tables(source), read)
    print(f"built in {built:.0f} s, compared in {time.monotonic() - started - built:.0f} s")
    must_be_equal(result)
