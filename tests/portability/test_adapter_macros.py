"""The adapter macros give the same rows on every engine that can run here.

DuckDB and (where its programs are installed) Postgres run what was compiled for them. For the four others sqlglot
translates the compiled SQL to DuckDB, as far as it can: that checks what our text says, not what their servers do. What
it cannot translate is only parsed in its own grammar.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest
import sqlglot

from tests.portability.conftest import postgres_programs
from tests.portability.rules import DIALECTS, problems

PROJECT = "probe"
MODELS = ["integers", "keys", "series", "days", "json_slices", "json_bare", "fingerprints", "contracted"]
# Translated exactly by sqlglot. Its integer division goes through a double, so `integers` is in none.
TRANSLATED = {
    "snowflake": ["days"],
    "bigquery": ["keys", "series", "days", "json_slices", "json_bare"],
    "databricks": ["series", "days"],
    "spark": ["series", "days"],
}
ENGINES = ["duckdb", *(["postgres"] if postgres_programs() else [])]

EXPECTED = {
    "integers": [
        ("half is dropped", 3, 1),
        ("exact", 4, 0),
        ("smaller than the divisor", 0, 1),
        ("zero", 0, 0),
        ("null", None, None),
        ("a double would round", 9007199254740993, 0),
        ("sixteen decimals", 1, 0),
        ("half a cent is a cent", 1, 0),
        ("a last digit less is none", 0, 0),
        ("all digits of a small rate", -671140939597, 0),
        ("all digits of a large rate", 1000000000000000000, 0),
        ("more digits before the point", 999999999999998999, 0),
        ("more digits after the point", 2000000000000, 0),
        ("the product needs more than 64 bits", 9223372036854775807 * 365 // 366, 9223372036854775807 * 365 % 366),
    ],
    "keys": [
        ("ascii", 648541476951500027),
        ("empty", 955282973525019424),
        ("beyond ascii", 1022820066309306753),
        ("null", None),
        ("two columns", 938760983661274987),
        ("separator in the first", 661078136647684758),
        ("separator in the second", 450390549177044000),
        ("escape next to separator", 39119215111308351),
        ("number, null and date", 1120956303910503076),
    ],
    "series": [
        ("three days", 3),
        ("three days", 5),
        ("one day", 7),
        ("negative to positive", -1),
        ("negative to positive", 0),
        ("negative to positive", 1),
    ],
    "days": [
        ("epoch", 0, date(1970, 1, 1), date(1970, 1, 2)),
        ("before the epoch", -1, date(1969, 12, 31), date(1970, 1, 1)),
        ("leap day", 19782, date(2024, 2, 29), date(2024, 3, 1)),
        ("far", 84005, date(2199, 12, 31), date(2200, 1, 1)),
        ("null", None, None, None),
    ],
    "json_slices": [("two rows", 1, -5, "x"), ("two rows", 9223372036854775807, None, "y z")],
    "json_bare": [("bare array", 1, "a"), ("bare array", 2, None)],
}


def rows_of(sql: str, engine: str, connection: Any) -> list[tuple[Any, ...]]:
    """The rows of a query, in a fixed order; a timestamp at midnight (sqlglot's translation of a date) as its date."""
    if engine == "postgres":
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
    else:
        rows = duckdb.connect().execute(sql).fetchall()
    plain = [tuple(value.date() if hasattr(value, "hour") else value for value in row) for row in rows]
    return sorted(plain, key=repr)


def probe(compiled: dict[str, Any], dialect: str, model: str) -> str:
    assert compiled[dialect]["probe"]["errors"] == []
    return compiled[dialect]["probe"]["nodes"][f"model.revrec.{model}"]["sql"]


@pytest.mark.parametrize("model", EXPECTED)
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_gives_the_expected_rows(
    engine: str, model: str, compiled: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    connection = request.getfixturevalue("postgres") if engine == "postgres" else None
    assert rows_of(probe(compiled, engine, model), engine, connection) == sorted(EXPECTED[model], key=repr)


@pytest.mark.parametrize(("dialect", "model"), [(d, m) for d, models in TRANSLATED.items() for m in models])
def test_a_translation_to_duckdb_gives_the_expected_rows(dialect: str, model: str, compiled: dict[str, Any]) -> None:
    translated = sqlglot.transpile(probe(compiled, dialect, model), read=dialect, write="duckdb")[0]
    assert rows_of(translated, "duckdb", None) == sorted(EXPECTED[model], key=repr)


@pytest.mark.parametrize("engine", ENGINES)
def test_fingerprints_differ_where_rows_differ(
    engine: str, compiled: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    connection = request.getfixturevalue("postgres") if engine == "postgres" else None
    prints = dict(rows_of(probe(compiled, engine, "fingerprints"), engine, connection))
    assert prints[1] == prints[6], "equal rows have equal fingerprints"
    assert len({prints[variant] for variant in (1, 2, 3, 4, 5)}) == 5
    assert all(-(2**61) <= value < 2**62 for value in prints.values())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_compiled_text_is_sql_of_its_dialect(dialect: str, model: str, compiled: dict[str, Any]) -> None:
    assert problems(probe(compiled, dialect, model), dialect) == []


@pytest.mark.skipif(not postgres_programs(), reason="no Postgres installed: it was NOT executed")
@pytest.mark.parametrize("engine", ["postgres"])
def test_a_contract_creates_a_table(engine: str, compiled: dict[str, Any], postgres: Any) -> None:
    """Postgres does not know the word `string`."""
    with postgres.cursor() as cursor:
        cursor.execute("create schema if not exists main")
        for statement in compiled[engine]["probe"]["statements"]["model.revrec.contracted"]:
            cursor.execute(statement)
        cursor.execute(
            "select column_name, data_type, is_nullable from information_schema.columns"
            " where table_name like 'contracted%' order by ordinal_position"
        )
        assert cursor.fetchall() == [
            ("text_value", "text", "NO"),
            ("bigint_value", "bigint", "YES"),
            ("date_value", "date", "YES"),
            ("timestamp_value", "timestamp without time zone", "YES"),
            ("boolean_value", "boolean", "YES"),
            ("decimal_value", "numeric", "YES"),
        ]
