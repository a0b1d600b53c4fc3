"""Amounts of a trace add up at every step, both ways, and every source row is named with its place."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration import cli, explain, trace
from orchestration.errors import ConfigurationError
from orchestration.steps import Step


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def add_up(steps: list[Step]) -> int:
    """Every step that says what it is the sum of is that sum; how many were added up."""
    counted = 0
    for step in (below for root in steps for below in root.walk()):
        if step.adds_up:
            parts = [part.amount for part in step.steps if part.kind == step.adds_up]
            assert parts and sum(parts, Decimal(0)) == step.amount, f"{step.kind} {step.id}"
            counted += 1
    return counted


def test_every_balance_adds_up_to_its_entries(closed_books: Path) -> None:
    balances = rows(closed_books, "select distinct role, period, closing, currency from reports.trial_balance")
    assert len(balances) > 15
    for role, period, _, _ in balances:
        assert add_up(trace.trace_balance(closed_books, period, role=role)) > 0
    [step] = [
        step
        for step in trace.trace_balance(closed_books, "2026-02", role="deferred_revenue", entity="beacon")
        if step.currency == "USD"
    ]
    assert step.amount == Decimal("1904.260")
    [credit_note] = [part for part in step.steps if part.id == "ASC606:credit_note:CN-1:I-3"]
    assert credit_note.amount == Decimal("-41.290")
    assert "credit_note_lines.csv line 2" in credit_note.steps[0].steps[0].text
    [revenue] = [part for part in step.steps if part.id == "ASC606:revenue:K-1:2026-02"]
    kinds = {below.kind for below in revenue.walk()}
    assert {"line in it", "line", "earned in", "schedule", "contract_lines row", "invoice_lines row"} <= kinds


def test_every_entry_adds_up_and_leads_to_rows_of_files(closed_books: Path) -> None:
    entries = rows(closed_books, "select entry_id, entry_type from reports.journal_entries")
    assert len(entries) == 18
    for entry_id, entry_type in entries:
        steps = trace.trace_id(closed_books, entry_id)
        assert add_up(steps) > 0
        places = [step.text for root in steps for step in root.walk() if step.kind.endswith(" row")]
        assert places and all(".csv line " in place for place in places), entry_id
        assert entry_type != "revenue" or any(step.kind == "schedule" for root in steps for step in root.walk())


def test_what_a_line_earns_is_booked_in_its_entries_whenever_it_was_learned(closed_books: Path) -> None:
    [step] = [step for step in trace.trace_id(closed_books, "I-3-1") if step.kind == "line"]
    january = step.steps[0]
    assert (january.id, january.amount) == ("2026-01", Decimal("148.60"))
    assert [(part.id, part.amount) for part in january.steps] == [
        ("ASC606:revenue:I-3:2026-01", Decimal("100.000")),
        ("ASC606:revenue:I-3:2026-01:late_data", Decimal("48.600")),
    ]
    [[total]] = rows(closed_books, "select sum(amount_minor) from engine.revenue_by_period")
    lines = rows(closed_books, "select distinct line_id from reports.recognition_by_period")
    earned = [step for (line,) in lines for step in trace.trace_id(closed_books, line) if step.kind == "line"]
    assert sum(step.amount for step in earned) == Decimal(total) / 100


def test_an_invoice_leads_forward_to_entries_and_balances(closed_books: Path) -> None:
    steps = trace.trace_id(closed_books, "I-1")
    [invoice] = [step for step in steps if step.kind == "invoice"]
    billed = sum(step.amount for step in invoice.steps if step.kind == "invoice_lines row")
    [entry] = [step for step in invoice.steps if step.kind == "entry"]
    receivable = sum(line.amount for line in entry.steps if line.text.startswith("accounts_receivable"))
    assert billed == receivable == 1700
    assert {line.steps[0].kind for line in entry.steps} == {"is in"}
    [[closing]] = rows(
        closed_books,
        "select closing from reports.trial_balance where role = 'deferred_revenue' and currency = 'USD' and period = '2026-01'",  # noqa: E501
    )
    assert {line.steps[0].amount for line in entry.steps if line.text.startswith("deferred")} == {closing}


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [("K-1", "contract"), ("P-2", "payment"), ("CN-1", "credit note"), ("L3", "line"), ("I-4", "invoice")],
)
def test_an_id_is_found_whatever_it_is_of(closed_books: Path, wanted: str, kind: str) -> None:
    steps = trace.trace_id(closed_books, wanted)
    assert kind in {step.kind for step in steps}
    assert add_up(steps) > 0


def test_a_contract_stands_where_the_balances_say(closed_books: Path) -> None:
    [contract] = trace.trace_id(closed_books, "K-1")
    assert sum(step.amount for step in contract.steps if step.kind == "stands in") == 0
    changes = [step.text for step in contract.steps if step.kind == "contract_versions row"]
    assert len(changes) == 2 and "Five more seats" in changes[1]


def test_a_batch_lists_its_entries(closed_books: Path) -> None:
    [[batch, entries]] = rows(
        closed_books, "select batch_id, entries from ops.posted_batches where posting_period_no = 2026 * 12"
    )
    [step] = trace.trace_id(closed_books, batch)
    assert len(step.steps) == entries and add_up([step]) == entries


def test_the_command_prints_a_tree_and_json(closed_books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["trace", "--role", "deferred_revenue", "--period", "2026-02", "--database", str(closed_books)]
    assert cli._exit_code(command) == 0
    assert "1,904.26 USD" in capsys.readouterr().out
    assert cli._exit_code([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["amount"] == "1904.260"
    for wrong in (["trace"], ["trace", "flop"], ["trace", "--role", "cash"], ["explain", "flop"]):
        assert cli._exit_code([*wrong, "--database", str(closed_books)]) == 2


def test_an_explanation_says_what_why_who_and_when(closed_books: Path) -> None:
    said = " ".join(explain.explain(closed_books, "ASC606:revenue:I-3:2026-01:late_data").sentences)
    for part in (
        "recognises revenue earned in 2026-01",
        "credit note CN-1, known on 2026-02-15: credit_notes.csv line 2",
        "Line I-3-1 earns 148.60 USD in 2026-01 in all; this entry books 48.60 USD of it.",
        "is booked in 2026-02, because 2026-01 was closed.",
        "It corrects ASC606:revenue:I-3:2026-01,",
        "approved by Ada",
        "Bo posted it",
    ):
        assert part in said
    said = " ".join(explain.explain(closed_books, "ASC606:payment:P-2:K-2").sentences)
    assert "1,080.00 EUR, which is a 1,220.40 USD debit in the books at 1.13" in said


def test_every_entry_is_explained_with_its_own_numbers(closed_books: Path) -> None:
    for (entry_id,) in rows(closed_books, "select entry_id from reports.journal_entries"):
        said = explain.explain(closed_books, entry_id)
        lines = [fact for fact in said.facts if fact["table"] == "reports.journal_lines"]
        text = " ".join(said.sentences)
        for line in lines:
            amount = line["debit"] or line["credit"]
            assert f"{amount:,.2f} {line['currency']}" in text
        assert json.dumps(said.as_json())


def test_an_unknown_id_is_said_to_be_one(closed_books: Path) -> None:
    with pytest.raises(ConfigurationError, match="'flop' is no id"):
        trace.trace_id(closed_books, "flop")
