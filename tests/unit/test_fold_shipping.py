"""The text of the Python functions runs where it is shipped to, and DuckDB calls it."""

from __future__ import annotations

import ast
import json
import sys
import textwrap
from pathlib import Path

import duckdb
import duckdb_plugin
import fold_invoice
import pytest

from python_udfs.bundle import stale

SOURCES = sorted(duckdb_plugin.FUNCTIONS.glob("*.py"))
FACTS = json.dumps(
    {
        "lines": [[1, 1, 9000, 0, "straight_line", "daily", "even", 0, 89, None]],
        "events": [[1, 0, "issue", None, None, None, None], [2, 31, "void", None, None, None, None]],
    }
)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    duckdb_plugin.register(connection)
    return connection


def test_every_function_is_declared_once() -> None:
    declared = [declared["name"] for declared, _ in duckdb_plugin.python_functions()]
    assert sorted(declared) == [source.stem for source in SOURCES]


def test_every_text_is_what_its_parts_give() -> None:
    assert stale() == [], "run: python -m python_udfs.bundle"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_function_needs_the_standard_library_only(source: Path) -> None:
    nodes = list(ast.walk(ast.parse(source.read_text(encoding="utf-8"))))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in modules} <= sys.stdlib_module_names - {"__future__"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_nothing_in_the_text_closes_the_quotes_of_a_warehouse(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert [mark for mark in ("$$", "'" * 3, "{{", "{%", "{#") if mark in text] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_the_text_runs_as_the_body_of_a_function(source: Path) -> None:
    scope: dict = {}
    body = source.read_text(encoding="utf-8") + f"\nreturn {source.stem}(facts)\n"
    exec("def shipped(facts):\n" + textwrap.indent(body, "    "), scope)  # noqa: S102
    assert scope["shipped"](None) is None
    if source.stem == "fold_invoice":
        assert scope["shipped"](FACTS) == fold_invoice.fold_invoice(FACTS)


def test_duckdb_folds_a_column(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        "select __py_fold_invoice(facts) from (select unnest([?, null]) as facts)", [FACTS]
    ).fetchall()
    assert rows == [(fold_invoice.fold_invoice(FACTS),), (None,)]


def test_duckdb_says_which_event_is_wrong(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="event 2: unknown kind of event: gift"):
        connection.execute("select __py_fold_invoice(?)", [FACTS.replace("void", "gift")]).fetchall()


def test_a_second_connection_to_the_same_database_may_register_again(connection: duckdb.DuckDBPyConnection) -> None:
    cursor = connection.cursor()
    duckdb_plugin.register(cursor)
    assert cursor.execute("select __py_fold_invoice(null)").fetchall() == [(None,)]
