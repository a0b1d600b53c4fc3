"""Every oracle case, built on a real Postgres server, gives the tables that DuckDB gives: every row, every cent.

The raw tables are copied from the DuckDB database, then dbt builds and tests the project as on any warehouse. The
server here has no plpython3u, so each Python function is a lookup of what the same function returned for the same
text; the texts are compared like every other table. Unit tests are left out: Postgres cuts names at 63 characters.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.portability.canonical import lines_of
from tests.portability.comparison import columns_of, compare, compared_tables, must_be_equal, tables, variables
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


def copy_raw_tables(source: duckdb.DuckDBPyConnection, cursor: Any, folder: Path) -> None:
    """What the loader wrote, with its types."""
    for schema, table in tables(source, "raw_.*"):
        described = columns_of(source, schema, table)
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


def build(project_root: Path, folder: Path, host: str, settings: str) -> str:
    """dbt build on the server; what dbt printed if it failed."""
    shutil.copy(project_root / "profiles.example.yml", folder / "profiles.yml")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "build", "--target", "postgres", "--vars", settings),
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


def test_every_case_gives_the_same_tables_on_postgres(
    cases_database: Path, postgres: Any, project_root: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(cases_database), read_only=True) as source, postgres.cursor() as cursor:
        copy_raw_tables(source, cursor, tmp_path)
        create_functions(source, cursor)
        assert build(project_root, tmp_path, postgres.info.host, variables(source)) == ""

        def read(schema: str, table: str) -> list[str]:
            cursor.execute(f'select * from "{schema}"."{table}"')  # noqa: S608
            return lines_of([column.name for column in cursor.description], cursor.fetchall())

        must_be_equal(compare("Postgres", source, compared_tables(source), read))
