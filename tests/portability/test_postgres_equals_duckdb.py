"""Every oracle case, built on a real Postgres server, gives the tables that DuckDB gives: every row, every cent.

The raw tables are copied from the DuckDB database, then dbt builds and tests the project as on any warehouse. The
server here has no plpython3u, so each Python function is a lookup of what the same function returned for the same
text; the texts are compared like every other table. Unit tests are left out: Postgres cuts names at 63 characters.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.portability.conftest import postgres_programs

pytestmark = pytest.mark.skipif(not postgres_programs(), reason="no Postgres server installed")

TYPES = {"VARCHAR": "text", "TIMESTAMP WITH TIME ZONE": "timestamptz"}
# Function -> the table of its arguments, that of its results, and what joins them.
FOLDS = {
    "fold_invoice": ("engine.int_recognition__invoice_facts", "engine.folded_invoices", "contract_key"),
    "fold_contract": ("engine.int_recognition__histories", "engine.folded_contracts", "contract_key"),
    "fold_cost": ("engine.int_recognition__cost_facts", "engine.folded_costs", "cost_key"),
    "fold_currency": ("engine.int_ledger__fx_facts", "engine.folded_currency", "contract_key"),
}
# Hashes of the engine's own making.
OWN_TO_THE_ENGINE = ("_fingerprint", "_fingerprints")


def tables(source: duckdb.DuckDBPyConnection, schemas: str) -> list[tuple[str, str]]:
    query = "select table_schema, table_name from information_schema.tables where regexp_matches(table_schema, ?)"
    return source.execute(f"{query} order by all", [f"^({schemas})$"]).fetchall()


def copy_raw_tables(source: duckdb.DuckDBPyConnection, cursor: Any, folder: Path) -> None:
    """What the loader wrote, with its types."""
    for schema, table in tables(source, "raw_.*"):
        described = source.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = ? and table_name = ? order by ordinal_position",
            [schema, table],
        ).fetchall()
        columns = ", ".join(f'"{name}" {TYPES.get(kind, kind)}' for name, kind in described)
        cursor.execute(f'create schema if not exists "{schema}"')
        cursor.execute(f'create table "{schema}"."{table}" ({columns})')
        rows = folder / f"{table}.csv"
        source.execute(f"""copy (from "{schema}"."{table}") to '{rows}' (header false, nullstr '\\N')""")
        with rows.open() as text:
            cursor.copy_expert(f"""copy "{schema}"."{table}" from stdin (format csv, null '\\N')""", text)


def create_functions(source: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    cursor.execute("create schema if not exists main")
    cursor.execute("create table main.already_folded (function text, facts text, folded text)")
    for function, (facts, folded, key) in FOLDS.items():
        pairs = source.execute(
            f"select distinct '{function}', facts, folded from {facts} inner join {folded} using ({key})"  # noqa: S608
        ).fetchall()
        cursor.executemany("insert into main.already_folded values (%s, %s, %s)", pairs)
        cursor.execute(
            f"create function main.{function}(text) returns text language sql stable as"  # noqa: S608
            f" 'select folded from main.already_folded where function = ''{function}'' and facts = $1'"
        )
    cursor.execute("select count(distinct function) from main.already_folded")
    assert cursor.fetchone()[0] >= 3, "too little is folded"


def build(project_root: Path, folder: Path, host: str, variables: str) -> str:
    """dbt build on the server; what dbt printed if it failed."""
    shutil.copy(project_root / "profiles.example.yml", folder / "profiles.yml")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "build", "--target", "postgres", "--vars", variables),
            *("--exclude", "resource_type:function", "resource_type:unit_test"),
            *("--profiles-dir", str(folder), "--target-path", str(folder / "target"), "--log-path", str(folder)),
        ],
        cwd=project_root,
        env=os.environ | {"PGHOST": host, "PGUSER": "revrec", "PGDATABASE": "revrec"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout


def plain(value: Any) -> Any:
    """12.50 and 12.5 are the same amount."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) if type(value) is int else value


def content(columns: list[str], rows: list[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """The rows of a table, however they and their columns are ordered."""
    order = sorted(range(len(columns)), key=columns.__getitem__)
    return Counter(tuple(plain(row[index]) for index in order) for row in rows)


def test_every_case_gives_the_same_tables_on_postgres(
    cases_database: Path, postgres: Any, project_root: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(cases_database), read_only=True) as source, postgres.cursor() as cursor:
        copy_raw_tables(source, cursor, tmp_path)
        create_functions(source, cursor)
        # Drafts name who built them: the same person on both sides.
        [[actor]] = source.execute("select distinct actor from ops.builds").fetchall()
        variables = json.dumps({"as_of": "2037-12-31 23:59:59", "through": "2037-12", "actor": actor})
        assert build(project_root, tmp_path, postgres.info.host, variables) == ""
        different, compared = [], 0
        for schema, table in tables(source, "inputs|engine|close|reports|exports"):
            # The log holds the moments of its own actions.
            if table.endswith(OWN_TO_THE_ENGINE) or table == "audit_log":
                continue
            cursor.execute(f'select * from "{schema}"."{table}"')  # noqa: S608
            there = content([column.name for column in cursor.description], cursor.fetchall())
            here = source.execute(f'from "{schema}"."{table}"')
            if there != content([column[0] for column in here.description], here.fetchall()):
                different.append(f"{schema}.{table}")
            compared += sum(there.values())
    print(f"{compared} rows compared")
    assert different == []
    assert compared > 10_000
