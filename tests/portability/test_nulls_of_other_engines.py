"""No model depends on how DuckDB treats nulls: each gives the same rows under the rules of the other engines.

greatest, least and concat pass over nulls on DuckDB and Postgres (on Spark the first two do), and give null on
Snowflake and BigQuery; nulls sort last on DuckDB, Postgres and Snowflake, first on BigQuery and Spark. Every model's
compiled query runs again over the tables of the oracle cases, on DuckDB made to follow those rules, and must give what
its table holds.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

PROJECT = "main"
# What changed since the last build is nothing, once it was built; fingerprints are hashes of rows in no fixed order.
NOT_REPEATABLE = {"changed_contracts", "contract_fingerprints", "int_contracts__reference_fingerprint"}
# Who built is of each build, and here it is nobody.
OF_THE_BUILD = {"prepared_by"}


def strict(name: str, most: int) -> str:
    """A macro that is `name` of two to `most` arguments, and null where one of them is."""
    kinds = []
    for count in range(2, most + 1):
        arguments = [f"a{number}" for number in range(count)]
        present = " and ".join(f"{argument} is not null" for argument in arguments)
        listed = ", ".join(arguments)
        kinds.append(f"({listed}) as case when {present} then {name}({listed}) end")
    return f"create temp macro strict_{name}\n" + ",\n".join(kinds)


@pytest.fixture(scope="module")
def cases(cases_database: Path, project_root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The oracle cases, read-only, with the Python functions and the strict macros."""
    sys.path.insert(0, str(project_root / "python_udfs"))
    import duckdb_plugin

    with duckdb.connect(str(cases_database), read_only=True) as connection:
        duckdb_plugin.register(connection)
        for name in ("greatest", "least", "concat"):
            connection.execute(strict(name, most=60))
        yield connection


def different(
    connection: duckdb.DuckDBPyConnection, compiled: dict[str, Any], rewrite: re.Pattern[str] | None
) -> list[str]:
    """The models whose query, rewritten, does not give the rows of their table."""
    found, compared = [], 0
    for name, node in compiled["duckdb"]["main"]["nodes"].items():
        model = name.split(".")[-1]
        sql = node["sql"].replace('"memory".', "")
        if node["type"] != "model" or model in NOT_REPEATABLE or (rewrite and not rewrite.search(sql)):
            continue
        home = connection.execute(
            "select table_schema from information_schema.tables where table_name = ?"
            " and table_schema <> 'ops' and not starts_with(table_schema, 'raw_')",
            [model],
        )
        (schema,) = home.fetchone() or (None,)
        assert schema, f"{model} was not built"
        again = connection.sql(rewrite.sub(r"strict_\1(", sql) if rewrite else sql)
        listed = ", ".join(f'"{column}"' for column in again.columns if column not in OF_THE_BUILD)
        rows = Counter(again.select(listed).fetchall())
        if rows != Counter(connection.sql(f'select {listed} from "{schema}"."{model}"').fetchall()):  # noqa: S608
            found.append(model)
        compared += 1
    assert compared > 5
    return found


@pytest.mark.parametrize("dialect", ["duckdb"])
def test_queries_repeat_themselves(dialect: str, cases: duckdb.DuckDBPyConnection, compiled: dict[str, Any]) -> None:
    """Or the two tests below would prove nothing."""
    assert different(cases, compiled, None) == []


@pytest.mark.parametrize("dialect", ["duckdb"])
def test_no_model_counts_on_functions_that_pass_over_nulls(
    dialect: str, cases: duckdb.DuckDBPyConnection, compiled: dict[str, Any]
) -> None:
    assert different(cases, compiled, re.compile(r"\b(greatest|least|concat)\(", re.IGNORECASE)) == []


@pytest.mark.parametrize("dialect", ["duckdb"])
def test_no_model_counts_on_where_nulls_sort(
    dialect: str, cases: duckdb.DuckDBPyConnection, compiled: dict[str, Any]
) -> None:
    cases.execute("set default_null_order = 'nulls_first_on_asc_last_on_desc'")
    try:
        assert different(cases, compiled, None) == []
    finally:
        cases.execute("reset default_null_order")
