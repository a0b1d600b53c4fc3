"""The worked example in the docs says what a build of its inputs gives, table by table."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pytest

from orchestration import pipeline

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "worked-example.md"
SOURCE = re.compile(r"<!-- (?P<rows>\w+\.\w+(?: where .+)?) -->")

Value = Decimal | str
Table = tuple[str, list[str], list[tuple[Value, ...]]]


def value(cell: object) -> Value:
    """A cell as it is printed or as the database gives it: numbers by their value, all else by its text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    try:
        return Decimal(str(cell).strip().replace(",", ""))
    except InvalidOperation:
        return str(cell).strip()


def printed_tables() -> list[Table]:
    """Every table of the page that names its source: the source, its columns and its rows."""
    lines, tables = PAGE.read_text(encoding="utf-8").splitlines(), []
    for number, line in enumerate(lines):
        source = SOURCE.fullmatch(line)
        if source is None:
            continue
        cells = []
        for row in lines[number + 1 :]:
            if not row.startswith("|"):
                break
            cells.append([cell.strip() for cell in row.strip("|").split("|")])
        tables.append((source["rows"], cells[0], [tuple(value(cell) for cell in row) for row in cells[2:]]))
    return tables


@pytest.fixture(scope="module")
def database(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("worked_example") / "worked.duckdb"
    inputs = Path(__file__).parent / "inputs"
    pipeline.run(inputs=inputs, database=database, as_of="2027-01-15", through="2026-12", full_refresh=True)
    return database


@pytest.mark.parametrize("table", printed_tables(), ids=lambda table: table[0])
def test_a_printed_table_is_what_the_build_gives(table: Table, database: Path) -> None:
    rows, columns, printed = table
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(f"select {', '.join(columns)} from {rows}").fetchall()  # noqa: S608
    assert sorted(printed, key=repr) == sorted((tuple(value(cell) for cell in row) for row in found), key=repr)
    assert printed


def test_the_page_shows_every_step_and_only_old_rates_need_a_person(database: Path) -> None:
    tables = {rows.split(" ")[0] for rows, _, _ in printed_tables()}
    assert {
        "engine.contract_versions",
        "engine.standalone_prices",
        "engine.schedule_segments",
        "reports.price_allocations",
        "reports.performance_obligations",
        "reports.recognition_by_period",
        "reports.journal_lines",
        "reports.deferred_revenue_rollforward",
        "reports.contract_balances",
        "reports.trial_balance",
    } <= tables
    with duckdb.connect(str(database), read_only=True) as connection:
        flags = connection.execute(
            "select rule, severity, actual from reports.anomaly_flags order by actual"
        ).fetchall()
    # From 10 April to the end of June, and from 1 July to the end of November.
    assert flags == [("exchange_rate_is_recent", "review", days) for days in ("152 days", "81 days")]


def test_a_wrong_cell_is_noticed() -> None:
    assert value("1,234.50") == value(Decimal("1234.500"))
    assert value("1,234.51") != value(Decimal("1234.500"))
    assert value("") == value(None)
    assert value(True) == "true"
