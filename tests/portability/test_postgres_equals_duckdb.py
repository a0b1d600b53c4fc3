"""Postgres, a real server, lives through what DuckDB did and holds the same tables: every row, every cent.

dbt builds and tests the project as on any warehouse, decides and posts, and builds again what changed, with no more
rights than profiles.example.yml grants; a reader gets the reports and nothing else. The server here has no plpython3u,
so each Python function is a lookup of what the same function returned for the same text; the texts are compared like
every other table. Unit tests are left out: Postgres cuts names at 63 characters.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.portability import journey
from tests.portability.canonical import lines_of
from tests.portability.comparison import compare, compared_tables, export_raw, must_be_chained, must_be_equal
from tests.portability.conftest import postgres_programs
from tests.portability.engines.dbt_commands import run_apart

pytestmark = pytest.mark.skipif(not postgres_programs(), reason="no Postgres installed: it was NOT executed")

TYPES = {"VARCHAR": "text", "TIMESTAMP WITH TIME ZONE": "timestamptz"}
TESTED = ["build", "--exclude-resource-type", "function", "--exclude-resource-type", "unit_test"]
BUILT = [*journey.BUILD, "--exclude-resource-type", "function"]


BUILDER, READERS = "builder", "readers"


def granted(profiles: Path, marker: str) -> list[str]:
    """The statements that profiles.example.yml has for Postgres: the builder's, or the readers'."""
    block = profiles.read_text().split("\n    # create role revrec_builder login;")[1].split("\n    postgres:")[0]
    block = "create role revrec_builder login;" + block
    builder, _, readers = block.partition("# readers")
    lines = (readers if marker == READERS else builder).splitlines()
    statements = " ".join(line.strip(" #") for line in lines)
    return re.findall(r"\b(?:create role|revoke|grant|alter default privileges)\b[^;:`]*(?=;)", statements)


def load(cursor: Any, raw: list[dict[str, Any]]) -> None:
    """What the loader wrote, with its types; rows are added to tables that are there."""
    cursor.execute("set role loader")
    for table in raw:
        columns = ", ".join(f'"{name}" {TYPES.get(kind, kind)}' for name, kind in table["columns"])
        name = f'"{table["schema"]}"."{table["table"]}"'
        cursor.execute(f'create schema if not exists "{table["schema"]}"')
        cursor.execute(f"create table if not exists {name} ({columns})")
        with (Path(table["at"]) / "rows.csv").open() as text:
            cursor.copy_expert(f"copy {name} from stdin (format csv, null '\\N')", text)
    cursor.execute("reset role")


def create_functions(cursor: Any, calls: dict[str, dict[str, str]]) -> None:
    cursor.execute("create schema if not exists main")
    cursor.execute("create table main.answers (function text, facts text, folded text)")
    for function, answers in calls.items():
        cursor.executemany(
            "insert into main.answers values (%s, %s, %s)", [(function, *pair) for pair in answers.items()]
        )
        cursor.execute(
            f"create function main.{function}(text) returns text language sql stable security definer as"  # noqa: S608
            f" 'select folded from main.answers where function = ''{function}'' and facts = $1'"
        )
    cursor.execute("select count(distinct function) from main.answers")
    assert cursor.fetchone()[0] >= 3, "too little is folded"


def test_postgres_lives_through_what_duckdb_did(
    played: Path, postgres: Any, project_root: Path, tmp_path: Path
) -> None:
    shutil.copy(project_root / "profiles.example.yml", tmp_path / "profiles.yml")
    started = time.monotonic()

    reach = {"PGHOST": postgres.info.host, "PGUSER": "revrec_builder", "PGDATABASE": "revrec"}

    def read(schema: str, table: str) -> list[str]:
        cursor.execute(f'select * from "{schema}"."{table}"')  # noqa: S608
        return lines_of(f"{schema}.{table}", [column.name for column in cursor.description], cursor.fetchall())

    with postgres.cursor() as cursor:
        cursor.execute("create role loader")
        cursor.execute("grant create on database revrec to loader")
        create_functions(cursor, json.loads((played / "calls.json").read_text()))
        with duckdb.connect(str(played / "first.duckdb"), read_only=True) as source:
            raw = export_raw(source, tmp_path / "first", form="csv")
            load(cursor, raw)
            for statement in granted(project_root / "profiles.example.yml", BUILDER):
                for schema in sorted({table["schema"] for table in raw}) if "raw_stripe" in statement else [""]:
                    cursor.execute(statement.replace("raw_stripe", schema))
            run_apart("postgres", tmp_path, journey.VARIABLES, [TESTED], **reach)
            must_be_equal(compare("Postgres, first build", source, read))
        for statement in granted(project_root / "profiles.example.yml", READERS):
            cursor.execute(statement)
        with duckdb.connect(str(played / "second.duckdb"), read_only=True) as source:
            load(cursor, export_raw(source, tmp_path / "second", played / "first.duckdb", form="csv"))
            run_apart("postgres", tmp_path, journey.VARIABLES, [*journey.decided(played), BUILT], **reach)
            must_be_equal(compare("Postgres, second build", source, read))
            a_reader_reads_the_reports_alone(cursor, compared_tables(source))
        cursor.execute("select * from ops.audit_log")
        columns = [column.name for column in cursor.description]
        must_be_chained([dict(zip(columns, row, strict=True)) for row in cursor.fetchall()])
    print(f"in {time.monotonic() - started:.0f} s")


def a_reader_reads_the_reports_alone(cursor: Any, tables: list[tuple[str, str]]) -> None:
    """After a build that made the tables anew."""
    cursor.execute("set role revrec_reader")
    for schema, table in tables:
        cursor.execute("select has_schema_privilege(%s, 'usage')", [schema])
        assert cursor.fetchone() == (schema == "reports",), schema
        if schema == "reports":
            cursor.execute(f"select count(*) from reports.{table}")  # noqa: S608
    cursor.execute("reset role")
