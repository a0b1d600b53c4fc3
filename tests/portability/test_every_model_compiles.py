"""Every model, data test and Python function compiles for every dialect and is SQL of that dialect.

Nothing here runs in a warehouse: the real adapters render, sqlglot parses in the dialect's own grammar, and rules.py
adds what grammars do not know. What really runs, and where, is in docs/portability.md.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from tests.portability.rules import DIALECTS, problems, words

PROJECT = "main"
# Delta's way to a constraint, which sqlglot does not know.
UNPARSED = re.compile(r"\s*alter table \S+ change column \S+ set not null", re.IGNORECASE)
BODY = re.compile(r"\bas\s*r?(?P<quote>\$\$|\"\"\"|''')(?P<text>.*?)(?P=quote)", re.IGNORECASE | re.DOTALL)

every_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@every_dialect
def test_every_node_compiles_and_can_be_materialised(dialect: str, compiled: dict[str, Any]) -> None:
    errors = compiled[dialect]["main"]["errors"]
    assert errors == [], "\n".join(errors)


@every_dialect
def test_every_model_and_data_test_is_sql_of_the_dialect(
    dialect: str, compiled: dict[str, Any], manifest: dict[str, Any]
) -> None:
    nodes = compiled[dialect]["main"]["nodes"]
    # By name without the hash: that of a test holds its column as the dialect quotes it.
    expected = {
        name.split(".")[2]
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "test")
        and node["config"]["enabled"]
        # An ephemeral model is compiled into those that read it.
        and node["config"].get("materialized") != "ephemeral"
    }
    assert expected - {name.split(".")[2] for name in nodes} == set(), "these were not compiled"
    assert expected, "the project has no models"
    ours = frozenset(function["name"] for function in manifest["functions"].values())
    found = {
        name: problems(node["sql"], dialect, ours) for name, node in nodes.items() if node["type"] in ("model", "test")
    }
    assert {name: reasons for name, reasons in found.items() if reasons} == {}


@every_dialect
def test_what_materialising_would_run_is_sql_of_the_dialect(dialect: str, compiled: dict[str, Any]) -> None:
    """CREATE TABLE and VIEW, contracts and constraints included."""
    unparsed = {}
    for name, statements in compiled[dialect]["main"]["statements"].items():
        if name.startswith("function."):
            continue
        for sql in statements:
            if UNPARSED.match(sql):
                continue
            try:
                parsed = sqlglot.parse(sql, read=dialect, error_level=ErrorLevel.RAISE)
            except SqlglotError as error:
                unparsed[name] = str(error)
                continue
            if any(isinstance(statement, exp.Command) for statement in parsed):
                unparsed[name] = sql[:200]
    assert unparsed == {}


@every_dialect
def test_every_python_function_is_created_from_its_own_source(
    dialect: str, compiled: dict[str, Any], manifest: dict[str, Any]
) -> None:
    """The statement names the function and its arguments, and its body is Python that compiles."""
    functions = manifest["functions"]
    assert functions, "the project has no functions"
    statements = compiled[dialect]["main"]["statements"]
    for name, function in functions.items():
        (sql,) = [text for text in statements.get(name, []) if not text.strip().lower().startswith("comment")]
        if dialect == "spark":
            assert sql.strip().lower() == "select 1", "whoever starts the session registers the function there"
            continue
        head = BODY.split(sql)[0]
        assert function["name"] in head
        assert all(argument["name"] in head for argument in function["arguments"])
        if dialect == "duckdb":
            assert problems_of_macro(sql, function["name"]) == []
            continue
        body = BODY.search(sql)
        assert body, sql[:300]
        # A body that is itself the function may return: give it one to return from.
        source = "def body():\n" + "\n".join(f"    {line}" for line in body["text"].splitlines())
        names = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
        assert function["config"]["entry_point"] in names


def problems_of_macro(sql: str, name: str) -> list[str]:
    """DuckDB has no Python functions: a macro of that name calls what python_udfs/duckdb_plugin.py registered."""
    match = re.search(r"create or replace macro .*?\((.*?)\)\s+as\s+(.*)", sql, re.IGNORECASE | re.DOTALL)
    if not match:
        return ["no macro"]
    return [] if match[2].strip().startswith(f"__py_{name}(") else [f"does not call __py_{name}"]


def test_contracts_use_the_type_words_every_warehouse_has(manifest: dict[str, Any]) -> None:
    """`string` is translated for Postgres: macros/adapters/contract_types.sql."""
    allowed = re.compile(rf"({'|'.join(words('types', 'everywhere') | {'string'})})(\(\d+,\s*\d+\))?")
    wrong = [
        f"{node['name']}.{column['name']}: {column['data_type']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["contract"]["enforced"]
        for column in node["columns"].values()
        if not allowed.fullmatch((column["data_type"] or "").lower())
    ]
    assert wrong == []
