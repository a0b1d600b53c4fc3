"""Killed at any moment, a run leaves the ledger as it is, and the next one ends where an undisturbed one ends.

The books have a posted and locked January. Then inputs arrive that reach into it: a bill that came late, another price,
a credit note. The runs that bring them in are killed, one after the other on the same database, while they read the
files, between any two nodes of dbt, and in the statements around the build.
"""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from tests.faults import invariants, prepared_books
from tests.faults.nursery import DONE, REFUSED, Nursery
from tests.faults.stages import Stages

# Nodes of a build: seeds and functions, 280 models, 400 checks. Moments early in it are cheap to try.
FILES = "orchestration.defs.ingest.file_drop.load::"
CHANCE = random.Random("runs")  # noqa: S311
AT_FILES = [
    {"call": "orchestration.defs.ingest.load::declare"},
    {"call": f"{FILES}_pipeline"},
    {"call": f"{FILES}_appended"},
    {"call": "dlt.destinations.job_client_impl:SqlJobClientBase:complete_load"},
    {"call": f"{FILES}_record"},
    {"call": f"{FILES}_summary"},
    {"call": "orchestration.warehouse::dbt"},
]
AT_ANY_TIME = [{"delay": CHANCE.uniform(0, 4)} for _ in range(7)]
AT_STATEMENTS = [{CHANCE.choice(("before_statement", "after_statement")): CHANCE.randint(1, 60)} for _ in range(6)]
AT_NODES = [{"node": node} for node in (1, *sorted(CHANCE.randint(2, 250) for _ in range(4)))]
# A build writes three scripts: that it began, what was built of each contract, that it is complete.
REMEMBERED, NOT_REMEMBERED = {"before_script": 3}, {"before_script": 2}
KILLS = [*AT_FILES, *AT_ANY_TIME, *AT_STATEMENTS, *AT_NODES, {"before_script": 1}, REMEMBERED]


def late() -> dict[str, list[dict[str, str]]]:
    """The inputs, with what arrived after the lock."""
    tables = copy.deepcopy(prepared_books.TABLES)
    tables["invoices"].append(
        {"invoice_id": "i4", "customer_id": "c2", "entity_id": "umbra", "currency": "EUR", "issued_on": "2026-01-20"}
    )
    line = {"product_id": "plan", "starts_on": "2026-01-20", "ends_on": "2026-02-19"}
    tables["invoice_lines"].append({"invoice_id": "i4", "invoice_line_id": "i4-l", "amount": "31.00", **line})
    tables["invoice_lines"][0]["amount"] = "1260.00"
    tables["credit_notes"] = [
        {"credit_note_id": "n1", "invoice_id": "i2", "customer_id": "c2", "issued_on": "2026-02-20"}
    ]
    tables["credit_note_lines"] = [
        {"credit_note_id": "n1", "credit_note_line_id": "n1-l", "invoice_line_id": "i2-l", "amount": "10.00"}
    ]
    return tables


def run_of(inputs: Path) -> dict[str, Any]:
    return {"action": "run", "inputs": str(inputs), "as_of": prepared_books.AS_OF, "through": prepared_books.THROUGH}


def ledger(database: Path) -> list[tuple[Any, ...]]:
    return invariants.rows(database, "select * from ops.posted_journal_lines order by entry_id, line_no")


@pytest.fixture(scope="module")
def undisturbed(
    stages: Stages, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, invariants.State]:
    """The folder of late inputs, and the state after the run that brings them in."""
    home = tmp_path_factory.mktemp("undisturbed")
    inputs = prepared_books.write_inputs(home / "inputs", late())
    database = stages.copy("locked", home / "books")
    before = invariants.state(database)
    done = nursery.send_out(database, run_of(inputs))
    assert done["code"] == DONE, done
    after = invariants.state(database)
    assert before != after and invariants.broken(database) == []
    return inputs, books_of(after)


def books_of(state: invariants.State) -> invariants.State:
    """Without the log, which also tells of runs that were tried."""
    return {table: rows for table, rows in state.items() if table != "ops.audit_log"}


def kill(nursery: Nursery, database: Path, inputs: Path, fault: dict[str, Any]) -> None:
    """One run that dies; what was posted is as it was, and nothing of the half-built books can be approved."""
    before = ledger(database)
    ended = nursery.send_out(database, run_of(inputs), fault)
    assert ended["killed"], (fault, ended)
    assert invariants.broken(database, is_built=False) == [], fault
    assert ledger(database) == before and before, fault
    [(last,)] = invariants.rows(database, "select status from ops.builds order by seq desc limit 1")
    if last != "complete":
        ended = nursery.send_out(database, {"action": "approve", "by": "Ada", "period": prepared_books.THROUGH})
        assert ended["code"] == REFUSED and "the last build is not complete" in ended["said"], (fault, ended)


@pytest.fixture(scope="module")
def killed_often(undisturbed: Any, stages: Stages, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    inputs, _ = undisturbed
    database = stages.copy("locked", tmp_path_factory.mktemp("killed"))
    assert len(KILLS) >= 27
    for fault in KILLS:
        kill(nursery, database, inputs, fault)
    assert nursery.send_out(database, run_of(inputs))["code"] == DONE
    return database


def test_after_many_kills_a_run_ends_where_an_undisturbed_one_ends(killed_often: Path, undisturbed: Any) -> None:
    found = books_of(invariants.state(killed_often))
    assert invariants.differences(found, undisturbed[1]) == {}
    assert invariants.broken(killed_often) == []


def test_what_a_killed_run_half_built_does_not_stay_when_its_inputs_are_taken_back(
    killed_often: Path, undisturbed: Any, stages: Stages, nursery: Nursery
) -> None:
    """Without a memory of it, contracts that are again what the last complete build saw would count as built."""
    inputs, expected = undisturbed
    kill(nursery, killed_often, stages.inputs, NOT_REMEMBERED)
    assert nursery.send_out(killed_often, run_of(inputs))["code"] == DONE
    assert invariants.differences(books_of(invariants.state(killed_often)), expected) == {}
    assert invariants.broken(killed_often) == []
