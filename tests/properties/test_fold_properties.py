"""What holds for every invoice and every sequence of events."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from fold_contract import part_of_term
from fold_facts import Books
from fold_invoice import CONVENTIONS, cumulative, first_day, fold_invoice, index_360, month_of, spread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# A fixed seed and budget: the same examples on every machine.
settings.register_profile(
    "fold", max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
FOLD = settings.get_profile("fold")
START = 19_000  # 2022-01-08
RULES = ("pro_rata", "price_change", "deferred_first", "scope_reduction", "billing_error", "past_service")
CONTRA = ("credit_notes", "refunds", "disputes", "voids", "revenue")

days = st.integers(START, START + 500)
amounts = st.integers(0, 5_000)
conventions = st.sampled_from(sorted(CONVENTIONS))


@st.composite
def terms(draw: st.DrawFn) -> tuple[str, str, int, int]:
    starts = draw(days)
    return draw(conventions), draw(st.sampled_from(["even", "truncated"])), starts, starts + draw(st.integers(0, 420))


@st.composite
def lines(draw: st.DrawFn, least: int = 0) -> list[list[Any]]:
    """Up to three lines; with `least` below zero one may be a discount."""
    rows = []
    for key in range(1, draw(st.integers(1, 3)) + 1):
        spread_by, days_rule, starts, ends = draw(terms())
        method = draw(st.sampled_from(["straight_line", "straight_line", "on_date"]))
        held = draw(st.none() | days)
        price = draw(st.integers(least if key > 1 else 0, 20_000))
        tax = draw(st.integers(0, 2_000)) if price > 0 else 0
        rows.append([key, key, price, tax, method, spread_by, days_rule, starts, ends, held])
    return rows


@st.composite
def events(draw: st.DrawFn, keys: int) -> list[Any]:
    kind = draw(
        st.sampled_from(
            ["payment", "refund", "dispute", "dispute_won", "credit_note", "refund_of_credit_note"] * 3
            + ["void", "write_off", "write_off", "exclude"]
        )
    )
    key = draw(st.none() | st.integers(1, keys)) if kind in ("refund", "dispute", "credit_note") else None
    amount = draw(st.none() | amounts) if kind == "write_off" else draw(amounts)
    rule = draw(st.sampled_from(RULES))
    settlement = draw(st.sampled_from(["receivable", "refund", "customer_balance", "outside"]))
    how = {
        "refund": draw(st.sampled_from(["pro_rata", "deferred_first", "cash_only"])),
        "dispute": draw(st.sampled_from(["pro_rata", "deferred_first", "cash_only"])),
        "payment": draw(st.sampled_from(["cash", "external_asset", "customer_balance"])),
        "credit_note": f"{rule}:{settlement}",
        "write_off": draw(st.sampled_from([None, "price_concession"])),
    }.get(kind)
    tax = draw(st.integers(0, 300)) if kind == "credit_note" else 0
    return [draw(st.integers(START - 20, START + 700)), kind, key, amount, tax, how]


@st.composite
def histories(draw: st.DrawFn, least: int = 0) -> Books:
    rows = draw(lines(least))
    happened = draw(st.lists(events(len(rows)), max_size=6))
    issued = [draw(st.integers(START, START + 60)), "issue", None, None, None, None]
    return Books(rows, *sorted([issued, *happened], key=lambda e: e[0]))


def last_day(row: list[Any]) -> int:
    end = row[7] if row[4] == "on_date" else row[8]
    return end if row[9] is None else max(end, row[9])


def by_event(books: Books) -> dict[int, dict[str, int]]:
    entries: dict[int, dict[str, int]] = {number: {} for number in books.days}
    for number, _, role, debit in books.movements:
        entries[number][role] = entries[number].get(role, 0) + debit
    return entries


# The closed form


@FOLD
@given(terms(), st.integers(0, 1_000_000), st.none() | days)
def test_cumulative_never_falls_and_ends_at_the_amount(term: tuple, amount: int, held: int | None) -> None:
    first, last = term[2], max(term[3], held or 0)
    totals = [cumulative(amount, *term, day, held) for day in range(first - 1, last + 2)]
    assert totals[0] == 0
    assert totals[-1] == totals[-2] == amount
    assert all(before <= after for before, after in pairwise(totals))
    mirrored = [cumulative(-amount, *term, day, held) for day in range(first - 1, last + 2)]
    assert mirrored == [-total for total in totals]


def days_of_month(starts: int, ends: int, month: int) -> int:
    """Service days of a term in a month."""
    return max(0, min(ends, first_day(month + 1) - 1) - max(starts, first_day(month)) + 1)


def weights(spread_by: str, starts: int, ends: int) -> list[Fraction]:
    """The exact share of every day of the term, one day after the other: no closed form, no rounding."""
    if spread_by == "daily":
        return [Fraction(1)] * (ends - starts + 1)
    if spread_by == "thirty_360":
        indexes = [index_360(day) for day in range(starts, ends + 1)]
        return [Fraction(1), *(Fraction(after - before) for before, after in pairwise(indexes))]
    count = {month: days_of_month(starts, ends, month) for month in range(month_of(starts), month_of(ends) + 1)}
    if spread_by == "monthly_prorated_ends":
        share = {month: Fraction(count[month], first_day(month + 1) - first_day(month)) for month in count}
    elif spread_by == "monthly_even":
        share = dict.fromkeys(count, Fraction(1))
    else:  # monthly_from_start: the month of the day after the end does not count, unless it is the only one
        counted = [month for month in count if month < month_of(ends + 1)] or [month_of(starts)]
        share = {month: Fraction(month in counted) for month in count}
    return [share[month_of(day)] / count[month_of(day)] for day in range(starts, ends + 1)]


@FOLD
@given(terms(), st.integers(0, 1_000_000))
def test_the_closed_form_is_the_sum_of_exact_days(term: tuple, amount: int) -> None:
    spread_by, _, starts, ends = term
    if spread_by == "monthly_by_term":  # rounds its ends on purpose: see the next test
        return
    exact, shares = Fraction(0), weights(spread_by, starts, ends)
    per_weight = amount / sum(shares)
    for day, share in zip(range(starts, ends + 1), shares, strict=True):
        exact += per_weight * share
        month_ends = day == ends or month_of(day + 1) != month_of(day)
        total = cumulative(amount, spread_by, "even", starts, ends, day)
        if spread_by in ("daily", "thirty_360") or month_ends:
            assert total == int(exact + Fraction(1, 2))
        else:  # two roundings: the month's end, then the day within the month
            assert abs(total - exact) <= 1


@FOLD
@given(terms())
def test_a_part_of_a_term_is_the_sum_of_the_exact_days_before(term: tuple) -> None:
    spread_by, _, starts, ends = term
    shares = weights("daily" if spread_by == "monthly_by_term" else spread_by, starts, ends)
    done, whole = Fraction(0), sum(shares)
    assert part_of_term(spread_by, starts, ends, starts) == 0
    for day, share in zip(range(starts, ends + 1), shares, strict=True):
        done += share
        assert part_of_term(spread_by, starts, ends, day + 1) == done / whole


@FOLD
@given(terms(), st.integers(0, 1_000_000))
def test_by_term_the_ends_follow_their_days_and_the_months_between_are_equal(term: tuple, amount: int) -> None:
    _, days_rule, starts, ends = term
    totals: dict[int, int] = {}
    for day in range(starts, ends + 1):
        earned = cumulative(amount, "monthly_by_term", days_rule, starts, ends, day)
        totals[month_of(day)] = earned
    months = [after - before for before, after in pairwise([0, *totals.values()])]
    length = ends - starts + 1
    if len(months) > 1:
        head = Fraction(amount * days_of_month(starts, ends, month_of(starts)), length)
        assert months[0] == int(head + Fraction(1, 2))
    if len(months) > 2:
        tail = Fraction(amount * days_of_month(starts, ends, month_of(ends)), length)
        assert months[-1] == int(tail + Fraction(1, 2))
        assert len(set(months[1:-2])) <= 1
        assert 0 <= months[-2] - months[1] < len(months) - 2


@FOLD
@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 1_000), min_size=1, max_size=6))
def test_a_spread_sums_to_the_total_and_is_off_by_less_than_a_unit(total: int, shares: list[int]) -> None:
    parts = spread(total, shares)
    if not sum(shares):
        assert parts == [0] * len(shares)
        return
    assert sum(parts) == total
    assert all(abs(part - Fraction(total * share, sum(shares))) < 1 for part, share in zip(parts, shares, strict=True))


# The fold


@FOLD
@given(histories(least=-5_000))
def test_every_event_balances(books: Books) -> None:
    for number, entry in by_event(books).items():
        assert sum(entry.values()) == 0, number


@FOLD
@given(histories(least=-5_000))
def test_slices_tile_the_term_until_nothing_is_left(books: Books) -> None:
    for row in books.lines:
        slices = [found for found in books.segments if found[0] == row[0]]
        for before, after in pairwise(slices):
            assert after[1] == before[2] + 1
        for found in slices:
            assert row[7] <= found[1] <= found[2] <= last_day(row)
            assert found[1] == found[3]
        if slices:
            assert slices[0][1] == row[7]


@FOLD
@given(histories(least=-5_000))
def test_what_is_ever_earned_is_the_price_less_what_was_taken_from_deferred_revenue(books: Books) -> None:
    for row in books.lines:
        assert books.earned(last_day(row), row[0]) == -books.balance("deferred_revenue", row[0])


@FOLD
@given(histories())
def test_net_revenue_is_between_nothing_and_the_price(books: Books) -> None:
    for row in books.lines:
        net = books.earned(last_day(row), row[0]) - sum(books.balance(role, row[0]) for role in CONTRA)
        assert 0 <= net <= row[2]
        assert all(0 <= found[5] <= row[2] for found in books.segments if found[0] == row[0])


@FOLD
@given(histories())
def test_balances_keep_their_side(books: Books) -> None:
    running: dict[str, int] = {}
    issued = False
    for number, entry in by_event(books).items():
        issued |= books.events[number - 1][2] == "issue"
        for role, debit in entry.items():
            running[role] = running.get(role, 0) + debit
        assert all(running.get(role, 0) >= 0 for role in (*CONTRA, "accounts_receivable", "bad_debt", "other_loss"))
        assert running.get("recoveries", 0) <= 0
        if issued:
            assert running.get("tax_payable", 0) <= 0


@FOLD
@given(histories(least=-5_000))
def test_an_event_changes_nothing_before_its_day(books: Books) -> None:
    last, on, *_ = books.events[-1]
    shorter = books.without_last()
    for row in books.lines:
        assert books.earned(on - 1, row[0]) == shorter.earned(on - 1, row[0])
    assert [row for row in books.movements if row[0] != last] == shorter.movements


@FOLD
@given(histories(least=-5_000), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(books: Books, random: Any) -> None:
    arrived = random.sample(books.events, len(books.events))
    assert json.loads(fold_invoice(json.dumps({"lines": books.lines, "events": arrived}))) == books.result


@FOLD
@given(lines(), st.lists(st.tuples(days, amounts), max_size=4))
def test_payments_never_touch_revenue(rows: list, payments: list) -> None:
    issued = [START, "issue", None, None, None, None]
    paid = Books(rows, issued, *([on, "payment", None, amount, 0, "cash"] for on, amount in sorted(payments)))
    assert paid.segments == Books(rows, issued).segments
    assert not {role for _, _, role, _ in paid.movements} & {*CONTRA, "other_loss", "bad_debt", "recoveries"}


@FOLD
@given(st.integers(0, 10_000), terms(), st.lists(st.tuples(days, amounts), max_size=4))
def test_two_halves_of_a_line_are_the_line(half: int, term: tuple, refunds: list) -> None:
    """Totals of money, not of days: each half rounds its own days, and takes its share of a credit."""
    spread_by, days_rule, starts, ends = term
    method = [0, "straight_line", spread_by, days_rule, starts, ends, None]
    issued = [START, "issue", None, None, None, None]
    happened = [issued, *([on, "refund", None, amount, 0, "deferred_first"] for on, amount in sorted(refunds))]
    whole = Books([[1, 1, 2 * half, *method]], *happened)
    halves = Books([[1, 1, half, *method], [2, 2, half, *method]], *happened)
    for role in ("cash", "accounts_receivable", "other_loss"):
        assert whole.balance(role) == halves.balance(role)

    def net(books: Books) -> int:
        return books.earned(ends) - books.balance("refunds")

    assert net(whole) == net(halves)


@pytest.mark.parametrize("rule", RULES)
@FOLD
@given(data=st.data())
def test_a_credit_of_everything_leaves_nothing(rule: str, data: st.DataObject) -> None:
    rows = data.draw(lines())
    on = data.draw(days)
    price, tax = sum(row[2] for row in rows), sum(row[3] for row in rows)
    issued = [START, "issue", None, None, None, None]
    books = Books(rows, issued, [on, "credit_note", None, price, tax, f"{rule}:receivable"])
    assert books.earned(START + 2_000) == books.balance("credit_notes")
    assert books.earned(START + 2_000) == books.earned(on - 1)
    assert books.balance("tax_payable") == books.balance("other_loss") == 0
