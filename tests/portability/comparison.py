"""DuckDB's tables beside another engine's: a canonical hash per table, rows where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit import row_hash
from tests.portability.canonical import hash_of, lines_of

Table = tuple[str, str]
PUBLIC = ("reports.", "exports.")
SHOWN = 3


def columns_of(source: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[tuple[str, str]]:
    """Names and types, in their order."""
    return source.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_catalog = current_database() and table_schema = ? and table_name = ?"
        " order by ordinal_position",
        [schema, table],
    ).fetchall()


def _tables(source: duckdb.DuckDBPyConnection, condition: str) -> list[Table]:
    return source.execute(
        "select table_schema, table_name from information_schema.tables"  # noqa: S608
        f" where table_catalog = current_database() and {condition} order by all"
    ).fetchall()


def raw_tables(source: duckdb.DuckDBPyConnection) -> list[Table]:
    """What the loader wrote."""
    return _tables(source, "starts_with(table_schema, 'raw_')")


def compared_tables(source: duckdb.DuckDBPyConnection) -> list[Table]:
    """Everything else: every table and view from staging to the exports, and what people decided."""
    return _tables(source, "not starts_with(table_schema, 'raw_')")


@dataclass
class Comparison:
    """What was compared, and what differs: for each table, the first rows that only one side has."""

    engine: str
    rows: int = 0
    filled: int = 0
    empty: int = 0
    public: int = 0
    public_rows: int = 0
    hashes: dict[str, str] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, here: list[str], there: list[str]) -> None:
        """One table in canonical text: its columns, then its rows."""
        self.rows += len(there) - 1
        self.filled, self.empty = self.filled + (len(here) > 1), self.empty + (len(here) == 1)
        if name.startswith(PUBLIC):
            self.public, self.public_rows = self.public + 1, self.public_rows + len(there) - 1
        self.hashes[name] = hash_of(there)
        if self.hashes[name] == hash_of(here):
            return
        if len(there) == 1 < len(here):
            self.differences[name] = [f"empty there, {len(here) - 1} rows on DuckDB"]
            return
        sides = {"DuckDB": Counter(here) - Counter(there), self.engine: Counter(there) - Counter(here)}
        counted = [f"{len(here) - 1} rows on DuckDB, {len(there) - 1} there", f"columns: {here[0]}"]
        shown = [f"only on {side}: {line}" for side, lines in sides.items() for line in list(lines)[:SHOWN]]
        self.differences[name] = [*counted, *shown]

    def __str__(self) -> str:
        return (
            f"{self.engine}: {len(self.hashes)} tables compared with DuckDB's, {self.rows} rows, of which"
            f" {self.public} public tables with {self.public_rows} rows; {self.filled} tables have rows,"
            f" {self.empty} are empty on both sides; {len(self.differences)} differ"
        )


def compare(engine: str, source: duckdb.DuckDBPyConnection, read: Callable[[str, str], list[str]]) -> Comparison:
    """Every table of the source; `read` gives the other engine's in canonical text (canonical.lines_of)."""
    result = Comparison(engine)
    for schema, table in compared_tables(source):
        found, name = source.execute(f'from "{schema}"."{table}"'), f"{schema}.{table}"
        here = lines_of(name, [column[0] for column in found.description], found.fetchall())
        result.add(name, here, read(schema, table))
    return result


def must_be_equal(result: Comparison) -> None:
    """Print what was compared, and fail with the rows that differ; too little to compare is a failure, too."""
    print(result)
    report = "\n".join(f"{name}\n  " + "\n  ".join(lines) for name, lines in result.differences.items())
    assert not result.differences, f"{result}\n{report}"
    assert result.rows > 10_000, f"too little was compared: {result}"
    assert result.filled > 100, f"too few tables have rows: {result}"
    assert result.public_rows > 10_000, f"too little of the public tables was compared: {result}"


def must_be_chained(log: list[dict[str, Any]]) -> None:
    """The engine's own audit log: each row hashes what it says, and the row before it, as Python computes it."""
    assert len(log) > 8, f"too little was decided: {log}"
    previous = ""
    for place, row in enumerate(sorted(log, key=lambda row: row["seq"]), 1):
        assert (row["seq"], row["previous_hash"] or "", row["row_hash"]) == (place, previous, row_hash(row)), row
        previous = row["row_hash"]


def export_raw(
    source: duckdb.DuckDBPyConnection, folder: Path, before: Path | None = None, form: str = "parquet"
) -> list[dict[str, Any]]:
    """What the loader wrote (since the database `before`), a file per table that has rows or is not there before.

    Each with its schema, name, folder, columns and number of rows. Raw tables only grow.
    """
    exported = []
    if before:
        source.execute(f"attach '{before}' as earlier (read_only)")
    for schema, table in raw_tables(source):
        at, query = folder / f"{schema}.{table}", f'from "{schema}"."{table}"'
        if before:
            earlier = f'from earlier."{schema}"."{table}"'
            [[lost]] = source.execute(f"select count(*) from ({earlier} except all {query})").fetchall()  # noqa: S608
            assert lost == 0, f"{schema}.{table} lost {lost} rows"
            query += f" except all {earlier}"
        [[rows]] = source.execute(f"select count(*) from ({query})").fetchall()  # noqa: S608
        if before and rows == 0:
            continue
        at.mkdir(parents=True)
        options = "header false, nullstr '\\N'" if form == "csv" else "format parquet"
        source.execute(f"copy ({query}) to '{at}/rows.{form}' ({options})")
        columns = columns_of(source, schema, table)
        exported.append({"schema": schema, "table": table, "at": str(at), "columns": columns, "rows": rows})
    if before:
        source.execute("detach earlier")
    return exported
