"""The main job, as a user runs it: the demo company over real HTTP, to balanced drafts, every planted error caught."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from orchestration import pipeline
from tests.public_tables import changed_contracts, contents


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("demo") / "books.duckdb"
    pipeline.run(demo=True, database=database)
    return database


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def planted(project_root: Path, shows_in: str) -> list[dict[str, str]]:
    with (project_root / "orchestration" / "demo_company" / "planted_errors.csv").open(encoding="utf-8") as source:
        found = [row for row in csv.DictReader(source) if row["shows_in"] == shows_in]
    assert found
    return found


def test_every_month_of_both_entities_is_drafted_and_balances(books: Path) -> None:
    months = rows(
        books, "select entity_id, count(distinct posting_period) from reports.journal_entries group by 1 order by 1"
    )
    assert months == [("nwm-eu", 24), ("nwm-us", 24)]
    assert rows(books, "select entry_id from reports.journal_lines group by 1 having sum(debit) <> sum(credit)") == []


def test_opening_and_movements_are_closing_everywhere(books: Path) -> None:
    footing = "opening + billings + recognized + credits + adjustments + fx <> closing"
    assert rows(books, f"select * from reports.deferred_revenue_rollforward where {footing}") == []  # noqa: S608


def test_planted_errors_of_the_books_are_flagged(books: Path, project_root: Path) -> None:
    flagged = {rule for (rule,) in rows(books, "select distinct rule from reports.anomaly_flags")}
    assert {row["rule"] for row in planted(project_root, "anomaly_flags")} <= flagged


def test_planted_errors_of_the_sources_are_rejected(books: Path, project_root: Path) -> None:
    rejected = {
        where for (where,) in rows(books, """select distinct "table" || '.' || "column" from reports.rejected_inputs""")
    }
    assert {row["rule"] for row in planted(project_root, "rejected_inputs")} <= rejected


def test_a_second_close_changes_nothing(books: Path) -> None:
    before = contents(books)
    pipeline.run(demo=True, database=books)
    assert contents(books) == before
    assert changed_contracts(books) == 0
