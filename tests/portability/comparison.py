"""DuckDB's tables of the oracle cases beside another engine's: a canonical hash per table, rows where they differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tests.portability.canonical import hash_of, lines_of

Table = tuple[str, str]
# Hashes of the engine's own making; the log holds the moments of its own actions.
OWN_TO_THE_ENGINE = ("_fingerprint", "_fingerprints")
LOG = "audit_log"
SHOWN = 3


def tables(source: duckdb.DuckDBPyConnection, schemas: str) -> list[Table]:
    """The tables and views of the schemas that match."""
    query = "select table_schema, table_name from information_schema.tables where regexp_matches(table_schema, ?)"
    return source.execute(f"{query} order by all", [f"^({schemas})$"]).fetchall()


def columns_of(source: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[tuple[str, str]]:
    """Names and types, in their order."""
    return source.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = ? and table_name = ? order by ordinal_position",
        [schema, table],
    ).fetchall()


def compared_tables(source: duckdb.DuckDBPyConnection) -> list[Table]:
    """Every table from the input layer to the reports that is the same on every engine."""
    found = tables(source, "inputs|engine|close|reports|exports")
    return [(schema, table) for schema, table in found if not table.endswith(OWN_TO_THE_ENGINE) and table != LOG]


def variables(source: duckdb.DuckDBPyConnection) -> str:
    """dbt's variables of the build to repeat. Drafts name who built them: the same person on both sides."""
    [[actor]] = source.execute("select distinct actor from ops.builds").fetchall()
    return json.dumps({"as_of": "2037-12-31 23:59:59", "through": "2037-12", "actor": actor})


@dataclass
class Comparison:
    """What was compared, and what differs: for each table, the first rows that only one side has."""

    engine: str
    rows: int = 0
    filled: int = 0
    empty: int = 0
    hashes: dict[str, str] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, here: list[str], there: list[str]) -> None:
        """One table in canonical text: its columns, then its rows."""
        self.rows += len(there) - 1
        self.filled, self.empty = self.filled + (len(here) > 1), self.empty + (len(here) == 1)
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
            f"{self.engine}: {len(self.hashes)} tables compared with DuckDB's, {self.rows} rows;"
            f" {self.filled} tables have rows, {self.empty} are empty on both sides; {len(self.differences)} differ"
        )


def compare(
    engine: str, source: duckdb.DuckDBPyConnection, asked: Iterable[Table], read: Callable[[str, str], list[str]]
) -> Comparison:
    """Every table asked for; `read` gives the other engine's in canonical text (canonical.lines_of)."""
    result = Comparison(engine)
    for schema, table in asked:
        here = source.execute(f'from "{schema}"."{table}"')
        lines = lines_of([column[0] for column in here.description], here.fetchall())
        result.add(f"{schema}.{table}", lines, read(schema, table))
    return result


def must_be_equal(result: Comparison) -> None:
    """Print what was compared, and fail with the rows that differ; too little to compare is a failure, too."""
    print(result)
    report = "\n".join(f"{name}\n  " + "\n  ".join(lines) for name, lines in result.differences.items())
    assert not result.differences, f"{result}\n{report}"
    assert result.rows > 10_000, f"too little was compared: {result}"
    assert result.filled > 100, f"too few tables have rows: {result}"


def export_raw(source: duckdb.DuckDBPyConnection, folder: Path) -> list[dict[str, Any]]:
    """What the loader wrote, a Parquet file per table; each with its schema, name, folder and columns."""
    exported = []
    for schema, table in tables(source, "raw_.*"):
        at = folder / f"{schema}.{table}"
        at.mkdir(parents=True)
        source.execute(f"""copy (from "{schema}"."{table}") to '{at}/rows.parquet' (format parquet)""")
        columns = columns_of(source, schema, table)
        exported.append({"schema": schema, "table": table, "at": str(at), "columns": columns})
    return exported
