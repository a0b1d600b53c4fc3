"""What every engine lives through: a first build of everything, decisions on it, later facts, a night's build.

The books are three companies' worth in one database: every oracle case, a slice of the demo company as its source
systems tell it, and Beacon Works (tests/close/company.py), whose January is approved, posted and locked. Before the
second build come an amendment, credits and bills that concern the locked month, facts of some cases, and the end of one
of them. DuckDB plays it first (`play`); what it holds after each build is what an engine must hold.
"""

from __future__ import annotations

import csv
import importlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from close import company

from orchestration import ROOT, demo_company, pipeline, warehouse
from orchestration.defs.ingest import file_drop

# None of these pays by direct debit: GoCardless has a creditor and no payments.
CUSTOMERS = 12
VARIABLES = {"as_of": "2037-12-31 23:59:59", "through": "2037-12", "actor": "Ben", "login": ""}
JANUARY, DISPUTED = "2026-01", "ASC606:invoice:I-3"
NO_TESTS = ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"]
BUILD = ["build", *NO_TESTS]
# One fact in five comes only with the second load; the first contract has gone by then.
LATE = ("payments", "progress", "usage", "credit_notes")
GONE = "contracts"
ACCOUNT = ("role", "account_code", "account_name")
Rows = list[dict[str, str]]


def decisions(flag_id: str) -> list[tuple[str, dict[str, Any]]]:
    """The macros of a close and their arguments, in their order."""
    beacon = {"period": JANUARY, "entity_id": company.ENTITY}
    exported = {"batch_id": "a batch", "entity_id": company.ENTITY, "book": company.BOOK, "content_hash": "its hash"}
    return [
        ("resolve_flag", {"flag_id": flag_id, "by": "Ada", "resolution": "It's the customer's own \\ wish"}),
        ("reject", {"by": "Ada", "reason": "The price isn't agreed", "entry_ids": [DISPUTED]}),
        ("approve", {**beacon, "by": "Ada"}),
        ("soft_close", {**beacon, "by": "Cleo", "causes": "credit_note, modification"}),
        ("post", {**beacon, "by": "Ada"}),
        ("lock", {**beacon, "by": "Cleo"}),
        ("reopen", {**beacon, "by": "Cleo", "reason": "One bill is missing"}),
        ("record_exports", {"by": "Ada", "erp": "generic", "period": JANUARY, "exports": [exported]}),
    ]


def decided(folder: Path) -> list[list[str]]:
    """The decisions that DuckDB played, as dbt's command line."""
    steps = json.loads((folder / "steps.json").read_text())
    return [["run-operation", name, "--args", json.dumps(arguments)] for name, arguments in steps]


def write_inputs(folder: Path, *, late: bool) -> Path:
    """The file drop as it was before the first build, or as it is before the second."""
    beacon = company.write(folder / "beacon", company.FEBRUARY if late else company.JANUARY)
    cases, demo = ROOT / "tests" / "cases" / "inputs", pipeline.DEMO_INPUTS
    for name in sorted({path.name for source in (cases, demo, beacon) for path in source.glob("*.csv")}):
        table = name.removesuffix(".csv")
        of_cases = _rows(cases / name)
        if late and table == GONE:
            of_cases = of_cases[1:]
        elif not late and table in LATE:
            of_cases = [row for place, row in enumerate(of_cases) if place % 5]
        rows = [*of_cases, *_rows(beacon / name), *_of_demo(table, _rows(demo / name))]
        _write(folder / name, rows)
    shutil.rmtree(beacon)
    return folder


def _of_demo(table: str, rows: Rows) -> Rows:
    """What the demo company says of everybody holds for its own two entities here; the cases have their accounts."""
    if table == "account_mappings":
        return [row for row in rows if any(value for name, value in row.items() if name not in ACCOUNT)]
    if table == "policies":
        own = sorted({row["entity_id"] for row in rows} - {"*"})
        return [
            {**row, "entity_id": entity}
            for row in rows
            for entity in (own if row["entity_id"] == "*" else [row["entity_id"]])
        ]
    return rows


def _rows(path: Path) -> Rows:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def _write(path: Path, rows: Rows) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    keys = [name for name in columns if name not in (*ACCOUNT[1:], "rate")]
    # An account or a rate that two companies state is stated once.
    once = {tuple(row.get(name, "") for name in keys): row for row in reversed(rows)}
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(reversed(once.values()))


def play(folder: Path) -> None:
    """On DuckDB: first.duckdb and second.duckdb after each build, the decisions, and what the functions were asked."""
    database, calls = folder / "books.duckdb", {}
    (folder / "early").mkdir()
    (folder / "late").mkdir()
    with recorded(calls), warehouse.writing(database):
        pipeline.declare(database)
        with demo_slice() as settings:
            pipeline.ingest(database, settings)
        file_drop.load(write_inputs(folder / "early", late=False), database)
        warehouse.dbt("build", database=database, variables=VARIABLES, arguments=NO_TESTS)
        shutil.copy(database, folder / "first.duckdb")
        file_drop.load(write_inputs(folder / "late", late=True), database)
        steps = decisions(a_flag(database))
        for name, arguments in steps:
            given = [name, "--args", json.dumps(arguments)]
            warehouse.dbt("run-operation", database=database, variables=VARIABLES, arguments=given)
        warehouse.dbt("build", database=database, variables=VARIABLES, arguments=NO_TESTS)
    database.rename(folder / "second.duckdb")
    (folder / "steps.json").write_text(json.dumps(steps))
    (folder / "calls.json").write_text(json.dumps(calls))


@contextmanager
def demo_slice() -> Iterator[dict[str, Any]]:
    """The source systems of a few customers of the demo company, and its planted mistakes, as settings for `ingest`."""
    from tests.ingesting import settings

    with demo_company.running(demo_company.build_world(customers=CUSTOMERS)) as urls:
        yield {system: settings(system, urls[system]) for system in pipeline.SYSTEMS}


@contextmanager
def recorded(calls: dict[str, dict[str, str]]) -> Iterator[None]:
    """Function -> argument -> result of every call of a Python function while dbt runs in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "python_udfs"))
        plugin = importlib.import_module("duckdb_plugin")
        own = plugin.vectorised

        def recording(scalar: Any, returns: Any) -> Any:
            answers = calls.setdefault(scalar.__name__, {})

            def remembered(facts: str) -> str:
                answers[facts] = scalar(facts)
                return answers[facts]

            return own(remembered, returns)

        patch.setattr(plugin, "vectorised", recording)
        yield


def a_flag(database: Path) -> str:
    """The first flag that a person may resolve."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select min(flag_id) from reports.anomaly_flags where severity <> 'block' and resolution is null"
        ).fetchall()
    return str(found[0][0])
