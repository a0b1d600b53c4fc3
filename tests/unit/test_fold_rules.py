"""One rule of the fold per test, where no worked example says it (amounts in cents)."""

from __future__ import annotations

import json

import pytest
from fold_facts import Books, day, event, line
from fold_invoice import fold_invoice, spread

ISSUED = event("2025-01-01", "issue")
PAID = event("2025-01-01", "payment", 10000, "cash")
ONCE = line(10000, "2025-01-01")
HUNDRED_DAYS = line(10000, "2025-01-01", "2025-04-10")  # one a day
LATER = "2025-02-10"  # forty of the hundred days are earned before it


def entry(books: Books, number: int) -> dict[str, int]:
    """The movements of one event by role."""
    roles: dict[str, int] = {}
    for event_no, _, role, debit in books.movements:
        if event_no == number:
            roles[role] = roles.get(role, 0) + debit
    return roles


def test_the_largest_remainder_goes_first_and_ties_to_the_first_line() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]
    assert spread(100, [1, 2, 4]) == [14, 29, 57]
    assert spread(4000, [10000, -2000]) == [5000, -1000]
    assert spread(10, [0, 0]) == [0, 0]


def test_past_service_comes_out_of_what_is_recognised() -> None:
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "credit_note", 5000, "past_service:receivable"))
    assert entry(books, 2) == {"credit_notes": 4000, "deferred_revenue": 1000, "accounts_receivable": -5000}


@pytest.mark.parametrize("rule", ["deferred_first", "scope_reduction", "billing_error"])
def test_a_reduction_of_what_is_to_come_leaves_recognised_revenue_alone(rule: str) -> None:
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "credit_note", 5000, f"{rule}:receivable"))
    assert entry(books, 2) == {"deferred_revenue": 5000, "accounts_receivable": -5000}
    assert books.earned(day(LATER)) == 4017  # 1,000 left over sixty days


@pytest.mark.parametrize("rule", ["pro_rata", "price_change"])
def test_a_change_of_the_whole_price_is_caught_up(rule: str) -> None:
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "credit_note", 5000, f"{rule}:receivable"))
    assert entry(books, 2) == {"credit_notes": 2000, "deferred_revenue": 3000, "accounts_receivable": -5000}


def test_an_event_before_the_term_keeps_the_term_and_lowers_the_amount() -> None:
    first, last = day("2025-03-01"), day("2025-03-10")
    books = Books([line(10000, "2025-03-01", "2025-03-10")], ISSUED, event(LATER, "refund", 4000, "pro_rata"))
    assert books.segments == [[1, first, last, first, last, 6000, "daily", "even", None, "straight_line"]]


def test_an_event_within_the_term_cuts_the_schedule_into_slices() -> None:
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "refund", 5000, "deferred_first"))
    assert [row[1:6] for row in books.segments] == [
        [day("2025-01-01"), day("2025-02-09"), day("2025-01-01"), day("2025-04-10"), 10000],
        [day(LATER), day("2025-04-10"), day(LATER), day("2025-04-10"), 1000],
    ]


def test_the_second_event_of_a_day_changes_the_schedule_of_the_first() -> None:
    refund = event(LATER, "refund", 1000, "deferred_first")
    books = Books([HUNDRED_DAYS], ISSUED, refund, refund)
    assert [row[1:6:4] for row in books.segments] == [[day("2025-01-01"), 10000], [day(LATER), 4000]]


def test_each_event_counts_all_that_was_recognised_before_it() -> None:
    notes = [event(on, "credit_note", 1000, "pro_rata:receivable") for on in ("2025-01-21", LATER, "2025-03-02")]
    books = Books([HUNDRED_DAYS], ISSUED, *notes)
    # The price falls by 1,000 each time; 20, 40 and 60 of its 100 days are recognised.
    assert [entry(books, number)["credit_notes"] for number in (2, 3, 4)] == [200, 400, 600]


def test_an_event_that_leaves_deferred_revenue_alone_does_not_reschedule() -> None:
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "payment", 10000, "cash"))
    assert len(books.segments) == 1


def test_nothing_is_left_to_earn_after_the_service_ended() -> None:
    assert [row[2] for row in Books([HUNDRED_DAYS], ISSUED, event(LATER, "void")).segments] == [day(LATER) - 1]
    assert Books([HUNDRED_DAYS], ISSUED, event("2025-01-01", "void")).segments == []


def test_a_credit_before_the_catch_up_day_keeps_the_whole_term() -> None:
    held = line(10000, "2025-01-01", "2025-04-10", not_before="2025-03-01")
    books = Books([held], event("2025-02-10", "credit_note", 5000, "pro_rata:receivable"))
    assert books.earned(day("2025-02-28")) == 0
    assert books.earned(day("2025-03-01")) == 3000  # sixty of the hundred days of 5,000


# Spreading over lines


def test_a_credit_without_a_line_follows_what_is_left_of_each() -> None:
    lines = [line(6000, "2025-01-01", key=1), line(4000, "2025-01-01", key=2)]
    books = Books(
        lines,
        ISSUED,
        event(LATER, "credit_note", 6000, "pro_rata:receivable", key=1),
        event(LATER, "credit_note", 1000, "pro_rata:receivable"),
    )
    assert (books.balance("credit_notes", 1), books.balance("credit_notes", 2)) == (6000, 1000)


def test_a_discount_line_gives_back_its_part() -> None:
    lines = [line(10000, "2025-01-01", key=1), line(-2000, "2025-01-01", key=2)]
    books = Books(lines, ISSUED, event(LATER, "credit_note", 4000, "pro_rata:receivable"))
    assert (books.balance("credit_notes", 1), books.balance("credit_notes", 2)) == (5000, -1000)


def test_a_credit_beyond_the_line_it_names_is_a_loss() -> None:
    lines = [line(6000, "2025-01-01", key="a" * 3), line(4000, "2025-01-01", key=2)]
    lines[0][1] = 1
    books = Books(lines, ISSUED, event(LATER, "credit_note", 7000, "pro_rata:receivable", key="aaa"))
    assert entry(books, 2) == {"credit_notes": 6000, "other_loss": 1000, "accounts_receivable": -7000}


# Tax


def test_a_refund_gives_back_tax_in_proportion_line_by_line() -> None:
    lines = [line(10000, "2025-01-01", key=1, tax=2000), line(10000, "2025-01-01", key=2)]
    paid = event("2025-01-01", "payment", 22000, "cash")
    half = Books(lines, ISSUED, paid, event(LATER, "refund", 11000, "pro_rata"))
    assert entry(half, 3) == {"cash": -11000, "refunds": 10000, "tax_payable": 1000}
    assert half.balance("refunds", 1) == half.balance("refunds", 2) == 5000
    full = Books(lines, ISSUED, paid, event(LATER, "refund", 22000, "pro_rata"))
    assert entry(full, 3) == {"cash": -22000, "refunds": 20000, "tax_payable": 2000}


def test_the_tax_of_a_credit_note_is_its_own_figure() -> None:
    lines = [line(10000, "2025-01-01", key=1, tax=2000), line(0, "2025-01-01", key=2, tax=500)]
    books = Books(lines, ISSUED, event(LATER, "credit_note", 1000, "pro_rata:receivable", tax=2100, key=1))
    assert (books.balance("tax_payable", 1), books.balance("tax_payable", 2)) == (0, -400)
    assert entry(books, 2) == {"credit_notes": 1000, "tax_payable": 2100, "accounts_receivable": -3100}


def test_tax_credited_beyond_what_was_billed_is_a_loss() -> None:
    books = Books([line(10000, "2025-01-01", tax=100)], event(LATER, "credit_note", 0, "pro_rata:outside", tax=150))
    assert entry(books, 1) == {"tax_payable": 100, "other_loss": 50, "external_asset": -150}


def test_a_void_reverses_tax_and_a_write_off_does_not() -> None:
    taxed = line(10000, "2025-01-01", "2025-04-10", tax=2000)
    void = Books([taxed], ISSUED, event(LATER, "void"))
    assert entry(void, 2) == {
        "voids": 4000,
        "deferred_revenue": 6000,
        "tax_payable": 2000,
        "accounts_receivable": -12000,
    }
    lost = Books([taxed], ISSUED, event(LATER, "write_off"), event("2025-05-01", "void"))
    assert entry(lost, 2) == {"deferred_revenue": 6000, "bad_debt": 6000, "accounts_receivable": -12000}
    assert entry(lost, 3) == {"voids": 4000, "tax_payable": 2000, "bad_debt": -6000}


# Receivable and customer balance


def test_a_credit_on_a_paid_invoice_is_owed_to_the_customer() -> None:
    half_paid = event("2025-01-01", "payment", 7000, "cash")
    books = Books([ONCE], ISSUED, half_paid, event(LATER, "credit_note", 5000, "pro_rata:receivable"))
    assert entry(books, 3) == {"credit_notes": 5000, "accounts_receivable": -3000, "customer_balance": -2000}


def test_a_refund_gives_back_an_overpayment_before_any_price() -> None:
    overpaid = event("2025-01-01", "payment", 11500, "cash")
    books = Books([ONCE], ISSUED, overpaid, event(LATER, "refund", 2000, "pro_rata"))
    assert entry(books, 3) == {"cash": -2000, "customer_balance": 1500, "refunds": 500}


def test_a_refund_of_a_named_line_is_of_its_price() -> None:
    overpaid = event("2025-01-01", "payment", 11500, "cash")
    books = Books([ONCE], ISSUED, overpaid, event(LATER, "refund", 2000, "pro_rata", key=1))
    assert entry(books, 3) == {"cash": -2000, "refunds": 2000}


def test_the_refund_of_a_credit_note_leaves_an_overpayment_where_it_is() -> None:
    books = Books(
        [ONCE],
        ISSUED,
        event("2025-01-01", "payment", 11500, "cash"),
        event(LATER, "credit_note", 1000, "pro_rata:customer_balance"),
        event(LATER, "refund_of_credit_note", 1000),
        event(LATER, "refund", 2000, "pro_rata"),
    )
    assert entry(books, 4) == {"cash": -1000, "customer_balance": 1000}
    assert entry(books, 5) == {"cash": -2000, "customer_balance": 1500, "refunds": 500}


def test_a_refund_may_leave_from_outside() -> None:
    books = Books([ONCE], ISSUED, PAID, event(LATER, "refund", 2000, "pro_rata:external_asset"))
    assert entry(books, 3) == {"external_asset": -2000, "refunds": 2000}


def test_a_refund_of_cash_only_reopens_the_invoice() -> None:
    books = Books([ONCE], ISSUED, PAID, event(LATER, "refund", 2000, "cash_only"), event(LATER, "payment", 2500))
    assert entry(books, 3) == {"cash": -2000, "accounts_receivable": 2000}
    assert entry(books, 4) == {"cash": 2500, "accounts_receivable": -2000, "customer_balance": -500}


def test_a_refund_of_cash_only_pays_out_a_credit_note_first() -> None:
    note = event(LATER, "credit_note", 1500, "pro_rata:customer_balance")
    books = Books([ONCE], ISSUED, PAID, note, event(LATER, "refund", 2000, "cash_only"))
    assert entry(books, 4) == {"cash": -2000, "customer_balance": 1500, "accounts_receivable": 500}


def test_a_dispute_of_cash_only_that_is_won_closes_what_it_opened() -> None:
    dispute = event(LATER, "dispute", 10000, "cash_only")
    books = Books([ONCE], ISSUED, PAID, dispute, event("2025-04-01", "dispute_won", 10500))
    assert entry(books, 4) == {"cash": 10500, "accounts_receivable": -10000, "recoveries": -500}


def test_a_void_of_a_paid_invoice_is_owed_to_the_customer() -> None:
    books = Books([ONCE], ISSUED, PAID, event(LATER, "void"), event("2025-04-01", "refund", 10000, "pro_rata"))
    assert entry(books, 3) == {"voids": 10000, "customer_balance": -10000}
    assert entry(books, 4) == {"cash": -10000, "customer_balance": 10000}


def test_a_void_takes_back_what_a_credit_note_granted_on_an_unpaid_invoice() -> None:
    note = event(LATER, "credit_note", 4000, "pro_rata:customer_balance")
    books = Books([ONCE], ISSUED, note, event("2025-04-01", "void"))
    assert entry(books, 3) == {"voids": 6000, "customer_balance": 4000, "accounts_receivable": -10000}


# Before the receivable is due


def test_cash_before_the_due_day_is_a_contract_liability() -> None:
    taxed = line(10000, "2025-01-01", "2025-04-10", tax=2000)
    books = Books([taxed], event("2025-01-05", "payment", 6000), event("2025-01-31", "issue"))
    assert entry(books, 1) == {"cash": 6000, "deferred_revenue": -5000, "tax_payable": -1000}
    assert entry(books, 2) == {"accounts_receivable": 6000, "deferred_revenue": -5000, "tax_payable": -1000}


def test_cash_that_goes_back_before_the_due_day_opens_no_receivable() -> None:
    taxed = line(10000, "2025-01-01", "2025-04-10", tax=2000)
    back = event("2025-01-11", "dispute", 3000, "cash_only")
    again = event("2025-01-12", "payment", 1200)
    books = Books([taxed], event("2025-01-05", "payment", 6000), back, again, event("2025-01-31", "issue"))
    assert entry(books, 2) == {"cash": -3000, "deferred_revenue": 2500, "tax_payable": 500}
    assert entry(books, 3) == {"cash": 1200, "deferred_revenue": -1000, "tax_payable": -200}
    assert entry(books, 4) == {"accounts_receivable": 7800, "deferred_revenue": -6500, "tax_payable": -1300}


def test_a_dispute_won_before_the_due_day_is_the_payment_again() -> None:
    lost, won = event("2025-01-11", "dispute", 5000, "cash_only"), event("2025-01-20", "dispute_won", 5000)
    books = Books([HUNDRED_DAYS], event("2025-01-05", "payment", 5000), lost, won, event("2025-01-31", "issue"))
    assert entry(books, 3) == {"cash": 5000, "deferred_revenue": -5000}
    assert entry(books, 4) == {"accounts_receivable": 5000, "deferred_revenue": -5000}


def test_what_was_credited_before_the_due_day_does_not_come_back_with_the_cash() -> None:
    note = event("2025-01-11", "credit_note", 4000, "deferred_first:receivable")
    paid, back = event("2025-01-10", "payment", 5000), event("2025-01-12", "refund", 5000, "cash_only")
    books = Books([HUNDRED_DAYS], paid, note, back, event("2025-01-31", "issue"))
    assert entry(books, 2) == {}
    assert entry(books, 3) == {"cash": -5000, "deferred_revenue": 5000}
    assert entry(books, 4) == {"accounts_receivable": 6000, "deferred_revenue": -6000}


def test_a_credit_before_the_due_day_lowers_what_falls_due() -> None:
    note = event("2025-01-11", "credit_note", 4000, "pro_rata:receivable")
    books = Books([HUNDRED_DAYS], note, event("2025-01-31", "issue"))
    assert entry(books, 1) == {"credit_notes": 400, "deferred_revenue": -400}
    assert entry(books, 2) == {"accounts_receivable": 6000, "deferred_revenue": -6000}


def test_a_void_before_the_due_day_leaves_nothing_to_fall_due() -> None:
    books = Books([HUNDRED_DAYS], event(LATER, "void"), event("2025-03-31", "issue"))
    assert entry(books, 1) == {"voids": 4000, "deferred_revenue": -4000}
    assert entry(books, 2) == {}


# Write-off and exclusion


def test_a_part_written_off_leaves_the_rest_of_the_service() -> None:
    paid = event("2025-01-01", "payment", 5000, "cash")
    books = Books([HUNDRED_DAYS], ISSUED, paid, event(LATER, "write_off"), event("2025-04-01", "payment", 6000))
    assert entry(books, 3) == {"deferred_revenue": 5000, "accounts_receivable": -5000}
    assert books.earned(day("2025-04-10")) == 5000
    assert entry(books, 4) == {"cash": 6000, "recoveries": -5000, "customer_balance": -1000}


def test_a_write_off_is_never_more_than_is_open() -> None:
    books = Books([ONCE], ISSUED, event(LATER, "write_off", 15000))
    assert entry(books, 2) == {"bad_debt": 10000, "accounts_receivable": -10000}


def test_a_write_off_may_be_a_price_concession() -> None:
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "write_off", 7000, "price_concession"))
    assert entry(books, 2) == {"deferred_revenue": 6000, "credit_notes": 1000, "accounts_receivable": -7000}


def test_a_credit_note_after_a_write_off_replaces_the_bad_debt() -> None:
    note = event("2025-05-01", "credit_note", 10000, "pro_rata:receivable")
    books = Books([HUNDRED_DAYS], ISSUED, event(LATER, "write_off"), note, event("2025-06-01", "payment", 100))
    assert entry(books, 3) == {"credit_notes": 4000, "bad_debt": -4000}
    assert entry(books, 4) == {"cash": 100, "customer_balance": -100}


def test_a_payment_after_a_write_off_and_a_void_is_owed_to_the_customer() -> None:
    lost = [event(LATER, "write_off"), event("2025-05-01", "void"), event("2025-06-01", "payment", 10000)]
    books = Books([HUNDRED_DAYS], ISSUED, *lost)
    assert entry(books, 4) == {"cash": 10000, "customer_balance": -10000}


def test_a_void_gives_back_what_was_recovered() -> None:
    lost = [event(LATER, "write_off"), event("2025-05-01", "payment", 10000), event("2025-06-01", "void")]
    books = Books([HUNDRED_DAYS], ISSUED, *lost)
    assert entry(books, 4) == {"voids": 4000, "recoveries": 6000, "customer_balance": -10000}


def test_an_exclusion_of_an_unpaid_invoice_closes_the_receivable() -> None:
    half_paid = event("2025-01-01", "payment", 3000, "cash")
    books = Books([HUNDRED_DAYS], ISSUED, half_paid, event(LATER, "exclude"))
    assert entry(books, 3) == {
        "revenue": 4000,
        "deferred_revenue": 6000,
        "accounts_receivable": -7000,
        "exclusions": -3000,
    }


def test_after_an_exclusion_only_money_moves() -> None:
    books = Books(
        [ONCE],
        ISSUED,
        event(LATER, "exclude"),
        event(LATER, "payment", 9000),
        event(LATER, "refund", 2000, "pro_rata"),
        event(LATER, "credit_note", 500, "pro_rata:receivable"),
        event(LATER, "credit_note", 600, "pro_rata:refund", tax=60),
        event(LATER, "refund_of_credit_note", 660),
        event(LATER, "write_off"),
    )
    assert [entry(books, number) for number in range(3, 9)] == [
        {"cash": 9000, "exclusions": -9000},
        {"cash": -2000, "exclusions": 2000},
        {},
        {"customer_balance": -660, "exclusions": 660},
        {"cash": -660, "customer_balance": 660},
        {},
    ]


# The interface


def test_events_are_taken_by_day_then_number_whatever_their_order() -> None:
    events = [
        [2, 40, "credit_note", None, 3000, 0, "pro_rata:receivable"],
        [1, 40, "refund", 1, 2000, 0, "past_service"],
    ]
    facts = {"lines": [[1, 1, 10000, 0, "straight_line", "daily", None, 0, 99, None]], "events": events}
    turned = {**facts, "events": events[::-1]}
    assert fold_invoice(json.dumps(facts)) == fold_invoice(json.dumps(turned))


def test_null_stays_null_and_numbers_may_come_as_text() -> None:
    assert fold_invoice(None) is None
    row = ["900719925474099301", "1", "10000", "0", "on_date", None, None, "20000", None, None]
    facts = {"lines": [row], "events": [["1", "20000", "issue", None, None, None, None]]}
    folded = json.loads(fold_invoice(json.dumps(facts)))
    assert folded["movements"][0] == ["1", "900719925474099301", "deferred_revenue", -10000]
    assert folded["segments"][0][:6] == ["900719925474099301", 20000, 20000, 20000, 20000, 10000]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (event(LATER, "gift", 1), "event 1: unknown kind of event: gift"),
        (event(LATER, "refund", 1, "by_mood"), "event 1: unknown rule of a reduction: by_mood"),
        (event(LATER, "credit_note", 1, "pro_rata:cheque"), "event 1: unknown settlement of a credit note: cheque"),
        (event(LATER, "write_off", 1, "shrug"), "event 1: unknown treatment of a write-off: shrug"),
        (event(LATER, "refund", 1, "pro_rata", key=7), "event 1: no such line on the invoice: 7"),
    ],
)
def test_an_unknown_word_is_an_error_that_names_the_event(wrong: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Books([ONCE], wrong)


def test_an_unknown_method_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown recognition method: units"):
        fold_invoice('{"lines":[[1,1,10000,0,"units","daily","even",0,99,null]],"events":[]}')
