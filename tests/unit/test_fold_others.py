"""What an invoice of its own collects for others, holds unused or concedes, when it is changed (amounts in cents)."""

from __future__ import annotations

from typing import Any

from fold_facts import Books, event, line
from test_fold_rules import HUNDRED_DAYS, ISSUED, LATER, PAID, entry


def passed(amount: int, method: str = "pass_through") -> list[Any]:
    row = line(amount, "2025-01-01", key=-1)
    return [*row[:1], 9, *row[2:4], method, *row[5:]]


def test_what_is_passed_through_is_never_earned_and_goes_back_with_the_price() -> None:
    books = Books([HUNDRED_DAYS, passed(1000)], ISSUED, PAID, event(LATER, "refund", 5500, "pro_rata"))
    assert entry(books, 1) == {"accounts_receivable": 11000, "deferred_revenue": -10000, "pass_through_payable": -1000}
    assert entry(books, 3) == {"cash": -5500, "refunds": 2000, "deferred_revenue": 3000, "pass_through_payable": 500}
    assert {key for key, *_ in books.segments} == {1}


def test_a_credit_note_may_name_what_is_passed_through() -> None:
    note = event(LATER, "credit_note", 400, "past_service:receivable", key=-1)
    books = Books([HUNDRED_DAYS, passed(1000)], ISSUED, note, event("2025-03-01", "void"))
    assert entry(books, 2) == {"pass_through_payable": 400, "accounts_receivable": -400}
    assert entry(books, 3)["pass_through_payable"] == 600


def test_a_debt_written_off_does_not_release_what_is_owed_to_others() -> None:
    books = Books([HUNDRED_DAYS, passed(1000)], ISSUED, event(LATER, "write_off"))
    assert entry(books, 2) == {"deferred_revenue": 6000, "bad_debt": 5000, "accounts_receivable": -11000}


def test_what_was_not_used_is_deferred_until_it_is_credited() -> None:
    credit = event(LATER, "credit_note", 400, "pro_rata:receivable", key=-1)
    books = Books([HUNDRED_DAYS, passed(1000, "unused")], ISSUED, credit, event("2025-03-01", "write_off"))
    assert entry(books, 2) == {"deferred_revenue": 400, "accounts_receivable": -400}
    assert entry(books, 3) == {"deferred_revenue": 4100 + 600, "bad_debt": 5900, "accounts_receivable": -10600}


def test_what_is_paid_after_a_price_concession_is_recovered() -> None:
    conceded = event(LATER, "write_off", 7000, "price_concession")
    books = Books([HUNDRED_DAYS], ISSUED, conceded, event("2025-05-01", "payment", 9900, "cash"))
    assert entry(books, 3) == {"cash": 9900, "accounts_receivable": -3000, "recoveries": -6900}
