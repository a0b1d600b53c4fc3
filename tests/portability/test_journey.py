"""What DuckDB lived through is worth repeating: every company, a close, and a night that computes a part anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.portability import journey
from tests.small_books import rows


@pytest.mark.parametrize("build", ["first", "second"])
def test_cases_demo_company_and_beacon_are_in_the_journal(played: Path, build: str) -> None:
    found = dict(
        rows(played / f"{build}.duckdb", "select entity_id, count(*) from reports.journal_entries group by entity_id")
    )
    assert found["nwm-us"] > 100 and found["nwm-eu"] > 100 and found["beacon"] > 10
    assert len(found) > 100, "the oracle cases have an entity each"


def test_the_demo_company_told_of_orders_bills_and_payments(played: Path) -> None:
    for table in ("stripe.invoices", "stripe.charges", "salesforce.orders"):
        [[count]] = rows(played / "first.duckdb", f"select count(*) from raw_{table}")  # noqa: S608
        assert count > 3, table


def test_the_second_build_computes_a_part_anew(played: Path) -> None:
    query = "select (select count(*) from engine.changed_contracts), (select count(*) from engine.known_contracts)"
    [[changed, contracts]] = rows(played / "second.duckdb", query)
    assert 10 < changed < contracts / 3
    assert rows(played / "first.duckdb", "select contract_id from engine.known_contracts where contract_id = 'K-1'")
    before, after = (
        {contract for (contract,) in rows(played / f"{build}.duckdb", "select contract_id from inputs.input_contracts")}
        for build in ("first", "second")
    )
    assert len(before - after) == 1


def test_january_is_locked_and_what_belongs_to_it_is_drafted_in_february(played: Path) -> None:
    found = rows(
        played / "second.duckdb",
        "select distinct status, posting_period, accounting_period from reports.journal_entries"
        " where entity_id = 'beacon' and accounting_period = '2026-01' order by all",
    )
    assert found == [("draft", "2026-02", "2026-01"), ("posted", "2026-01", "2026-01")]


def test_every_decision_is_in_the_log(played: Path) -> None:
    logged = {action for (action,) in rows(played / "second.duckdb", "select action from ops.audit_log")}
    macros = {name for name, _ in journey.decisions("a flag")}
    known_as = {"resolve_flag": "resolve", "reopen": "reopen_request", "record_exports": "export"}
    assert {known_as.get(name, name) for name in macros} <= logged


def test_the_functions_were_asked(played: Path) -> None:
    calls = json.loads((played / "calls.json").read_text())
    assert sum(len(answers) for answers in calls.values()) > 50
