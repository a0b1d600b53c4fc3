"""The generic tests find what they are for, and nothing else, on every engine that can run here."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.portability.conftest import postgres_programs
from tests.portability.rules import DIALECTS, problems

PROJECT = "probe"
MODELS = ["sound_lines", "unsound_lines", "no_lines"]
ENGINES = ["duckdb", *(["postgres"] if postgres_programs() else [])]


def checks(compiled: dict[str, Any], dialect: str) -> dict[str, str]:
    """Name -> SQL of every data test of the probe."""
    probe = compiled[dialect]["probe"]
    assert probe["errors"] == []
    return {name.split(".")[2]: node["sql"] for name, node in probe["nodes"].items() if node["type"] == "test"}


@pytest.mark.parametrize("engine", ENGINES)
def test_sound_rows_pass_and_unsound_rows_are_found(
    engine: str, compiled: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    cursor = request.getfixturevalue("postgres").cursor() if engine == "postgres" else duckdb.connect()
    cursor.execute("create schema if not exists main")
    for model in MODELS:
        cursor.execute(
            f"create table main.{model} as {compiled[engine]['probe']['nodes'][f'model.revrec.{model}']['sql']}"
        )
    found = {}
    for name, sql in checks(compiled, engine).items():
        cursor.execute(sql)
        found[name] = len(cursor.fetchall())
    assert len(found) == 16
    assert {name for name, rows in found.items() if rows} == {name for name in found if name.endswith("_fails")}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_their_text_is_sql_of_the_dialect(dialect: str, compiled: dict[str, Any]) -> None:
    assert {
        name: problems(sql, dialect) for name, sql in checks(compiled, dialect).items() if problems(sql, dialect)
    } == {}
