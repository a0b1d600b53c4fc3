"""`revrec ask` answers with the numbers of the public tables, and does not answer what it did not understand."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration import cli
from orchestration.ask import ask
from orchestration.ask.question import NotUnderstood

HOSTILE = "Ask'; drop table ops.posted_journal_lines; -- {{ config.get }}"


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("period", ["2026-01", "2026-02"])
@pytest.mark.parametrize(
    ("words", "role"), [("deferred revenue", "deferred_revenue"), ("receivables", "accounts_receivable")]
)
def test_a_balance_is_that_of_the_trial_balance(closed_books: Path, words: str, role: str, period: str) -> None:
    answer = ask(closed_books, f"What are the {words} at the end of {period}?")
    expected = rows(
        closed_books,
        f"""
        select currency, sum(opening), sum(closing) from reports.trial_balance
        where role = '{role}' and period = '{period}' group by all order by all
        """,  # noqa: S608
    )
    assert [(row["currency"], row["opening"], row["closing"]) for row in answer.facts] == expected and expected
    for fact in answer.facts:
        assert fact["opening"] + sum(part["amount"] for part in fact["moved_by"]) == fact["closing"]


def test_the_balances_of_customers_add_up_to_the_whole(closed_books: Path) -> None:
    question = "What is the deferred balance of {} in USD at the end of February 2026?"
    answers = [ask(closed_books, question.format(customer)) for customer in ("c-1", "c-2", "Walk-in")]
    parts = [fact for answer in answers for fact in answer.facts]
    [whole] = ask(closed_books, "What is the deferred balance in USD at the end of February 2026?").facts
    assert sum(part["closing"] for part in parts) == whole["closing"] != 0


def test_revenue_is_that_of_the_public_table(closed_books: Path) -> None:
    for period in ("2026-01", "2026-02"):
        answer = ask(closed_books, f"How much did we recognise in {period}?")
        found: dict[str, Decimal] = {}
        for fact in answer.facts:
            found[fact["currency"]] = found.get(fact["currency"], Decimal(0)) + fact["amount"]
        expected = rows(
            closed_books,
            f"""
            select currency, sum(amount) from reports.recognition_by_period
            where posting_period = '{period}' group by all
            """,  # noqa: S608
        )
        assert found == dict(expected) and expected
    assert "of it belongs to earlier months" in " ".join(answer.sentences)


def test_why_names_the_entry_the_movement_and_the_terms(closed_books: Path) -> None:
    answer = ask(closed_books, "Why was $1,200 deferred for Harbour in January 2026?")
    said = " ".join(answer.sentences)
    assert answer.question.customer_id == "c-1" and answer.question.amount == 1200
    assert "customer Harbour Logistics (c-1)" in said
    assert "Obligation L1 of K-1 (ASC606, version" in said and "straight line from 2026-01-01 to 2026-12-31" in said
    [[allocated, recognized]] = rows(
        closed_books,
        """
        select
            (select allocated_amount from reports.performance_obligations
             where contract_id = 'K-1' and obligation_id = 'L1' and status <> 'superseded'),
            (select sum(amount) from reports.recognition_by_period
             where contract_id = 'K-1' and obligation_id = 'L1' and accounting_period <= '2026-01')
        """,
    )
    [terms] = [fact for fact in answer.facts if fact.get("obligation_id") == "L1"]
    assert (terms["allocated_amount"], terms["recognized"]) == (allocated, recognized)


def test_an_amount_is_found_as_what_it_is_or_said_to_be_nothing(closed_books: Path) -> None:
    [[entry, amount]] = rows(
        closed_books,
        """
        select entry_id, credit from reports.journal_lines
        where entry_id like '%invoice:I-3%' and role = 'deferred_revenue'
        """,
    )
    answer = ask(closed_books, f"Why was {amount:.2f} deferred for c-3 in 2026-01?")
    assert f"Entry {entry} of 2026-01 (posted) credits deferred revenue with {amount:,.2f} USD" in " ".join(
        answer.sentences
    )
    [balance] = [fact for fact in answer.facts if "closing" in fact]
    closing = ask(closed_books, f"Why was {balance['closing']} deferred for c-3 in 2026-01?")
    assert any("is the balance at the end of 2026-01" in sentence for sentence in closing.sentences)
    nothing = ask(closed_books, "Why was 123,456.78 deferred for c-3 in 2026-01?")
    assert "No balance, movement or line of these is 123,456.78." in nothing.sentences


def test_what_changed_are_the_entries_for_locked_months(closed_books: Path) -> None:
    answer = ask(closed_books, "What changed since the last close?")
    late = {fact["entry_id"]: fact for fact in answer.facts if fact.get("is_late")}
    expected = rows(
        closed_books,
        """
        select entry_id from reports.journal_entries
        where posting_period > '2026-01' and accounting_period <= '2026-01' order by 1
        """,
    )
    assert sorted(late) == [entry for (entry,) in expected] and len(late) == 4
    assert "locked through 2026-01, with what was known at 2026-02-05 23:59:59" in answer.sentences[0]
    of_one = ask(closed_books, "What changed for contract I-3 since the last lock?")
    assert {fact["entry_id"] for fact in of_one.facts if fact.get("is_late")} == {
        "ASC606:credit_note:CN-1:I-3",
        "ASC606:revenue:I-3:2026-01:late_data",
    }


def test_flags_drafts_and_entries(own_books: Path) -> None:
    with duckdb.connect(str(own_books)) as connection:
        names = [name for name, *_ in connection.execute("describe reports.anomaly_flags").fetchall()]
        values = {"entity_id": "beacon", "book": "", "flag_id": "f" * 32, "rule": "made_for_this_test"}
        values |= {"severity": "block", "period": "2026-02", "contract_id": "K-1", "explanation": "Ünusual."}
        chosen = ", ".join(f"${name} as {name}" for name in values)
        connection.execute(f"insert into reports.anomaly_flags by name (select {chosen})", values)
        assert set(values) <= set(names)
    answer = ask(own_books, "Which contracts have a blocking flag?")
    assert answer.sentences == [
        "1 blocking flag is open, on 1 contract.",
        "contract K-1: made_for_this_test [ffffffffffff]: Ünusual.",
    ]
    assert ask(own_books, "Which flags does c-2 have?").sentences[0].startswith("0 flags are open of customer")
    assert ask(own_books, "Why is the close blocked?").facts == answer.facts
    assert ask(own_books, "Which drafts wait for approval?").sentences == ["Nothing waits: all of it is posted."]
    said = ask(own_books, "What does entry ASC606:payment:P-1:K-1 say?").sentences
    assert said[0].startswith("Entry ASC606:payment:P-1:K-1 books payment P-1")


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Tell me a joke", "I do not know 'joke'"),
        ("Why was $4,200 deferred for Globex this month?", "I do not know 'Globex'"),
        ("What is the deferred balance of K-3?", "I do not know 'K-3'"),
        ("How much revenue in 2026-01 and 2026-02?", "about months from one to another"),
        ("How much revenue until 2026-02?", "Name the first and the last month"),
        ("How much revenue for c-1 and c-2?", "are two"),
        ("What is the deferred revenue and the contract asset?", "one balance at a time"),
        ("Why 100 or 200?", "one amount at a time"),
        ("Which flags of 400.00 USD?", "asked without: amount, currency"),
        ("How much revenue from 2026-01?", "Name the first and the last month"),
        ("How much revenue this year?", "I do not know 'year'"),
        ("How much did we earn today?", "I do not know 'today'"),
        ("How much revenue from November to February 2026?", "Name the year of November"),
        ("What is it?", "not a question this can answer"),
        ("", "not a question this can answer"),
        (HOSTILE, "I do not know"),
    ],
)
def test_what_is_not_understood_is_not_answered(closed_books: Path, question: str, why: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        ask(closed_books, question)
    assert why in str(refused.value) and "- What changed since the last close?" in str(refused.value)


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("this month", ("2026-02", "2026-02")),
        ("last month", ("2026-01", "2026-01")),
        ("in January", ("2026-01", "2026-01")),
        ("in December", ("2025-12", "2025-12")),
        ("in Feb 2026", ("2026-02", "2026-02")),
        ("from January to February 2026", ("2026-01", "2026-02")),
        ("in January from c-1", ("2026-01", "2026-01")),
        ("between 2026-01 and 2026-02", ("2026-01", "2026-02")),
        ("from 2025-11 to 2026-02", ("2025-11", "2026-02")),
        ("in Q1 2026", ("2026-01", "2026-03")),
        ("in 2025", ("2025-01", "2025-12")),
        ("", ("2026-02", "2026-02")),
    ],
)
def test_months_are_read_as_they_are_written(closed_books: Path, words: str, period: tuple[str, str]) -> None:
    assert ask(closed_books, f"How much revenue did we earn {words}?").question.period == period


def test_the_command_prints_json_and_changes_nothing(closed_books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = hashlib.sha256(closed_books.read_bytes()).hexdigest()
    command = ["--database", str(closed_books), "--json"]
    assert cli._exit_code(["ask", "What is the deferred balance of K-1 in 2026-02?", *command]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["understood"]["contract_id"] == "K-1"
    assert said["facts"][0]["closing"].removesuffix("0") in said["answer"].replace(",", "")
    assert cli._exit_code(["ask", HOSTILE, *command]) == 2
    printed = capsys.readouterr()
    told = json.loads(printed.out)["error"]
    assert told["exit_code"] == 2 and told["message"].startswith("I do not know") and len(told["to_do"]) == 7
    assert printed.err.startswith("revrec: I do not know")
    assert hashlib.sha256(closed_books.read_bytes()).hexdigest() == before
