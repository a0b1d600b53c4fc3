"""What holds for every contract in a foreign currency and every sequence of facts (invariants 1, 54, 55 and 56)."""

from __future__ import annotations

import json
from collections import defaultdict
from fractions import Fraction
from typing import Any

from fold_currency import fold_currency, rounded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

settings.register_profile(
    "currency", max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
MONTHS = [30 * month for month in range(1, 9)]  # last days of the periods of a plain calendar
NANO = 10**9
TREATMENTS = {
    "cash": "spot",
    "deferred_revenue": "layers",
    "revenue": "earned",
    "refunds": "earned",
    "bad_debt": "income",
}

rates = st.integers(NANO // 2, 2 * NANO)
amounts = st.integers(1, 100_000)


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Any]:
    """Bills, cash, refunds, write-offs and revenue of up to three lines, whether or not they make sense together."""
    by_day = draw(st.lists(rates, min_size=MONTHS[-1] + 1, max_size=MONTHS[-1] + 1))
    lines = [[key, None, None, draw(st.sampled_from([None, *MONTHS]))] for key in range(1, draw(st.integers(1, 3)) + 1)]
    if draw(st.booleans()):
        lines = [[1, 1000, 700, None], [2, 0, 300, 60]]
    postings: list[list[Any]] = []
    windows = []
    for entry in range(1, draw(st.integers(1, 8)) + 1):
        on, amount = draw(st.integers(0, MONTHS[-1])), draw(amounts)
        line, document = draw(st.sampled_from([0, *(row[0] for row in lines)])), draw(st.integers(1, 2))
        kind = draw(st.sampled_from(["invoice", "payment", "advance", "credit_note", "refund", "write_off", "revenue"]))
        rows = {
            "invoice": {"accounts_receivable": amount, "deferred_revenue": -amount},
            "payment": {"cash": amount, "accounts_receivable": -amount},
            "advance": {"cash": amount, "deferred_revenue": -amount},
            "credit_note": {"deferred_revenue": amount, "accounts_receivable": -amount},
            "refund": {"refunds": amount, "cash": -amount},
            "write_off": {"bad_debt": amount, "accounts_receivable": -amount},
            "revenue": {"deferred_revenue": amount, "revenue": -amount},
        }[kind]
        if kind == "revenue":
            line = line or 1
            first, on = on, min(end for end in MONTHS if end >= on)
            part = draw(st.integers(1, amount))
            windows.append([len(postings) + 1, line, first, part, by_day[first]])
        for role, debit in rows.items():
            row = [len(postings) + 1, entry, on, 1, kind, role, TREATMENTS.get(role, "monetary"), line, document]
            postings.append([*row, debit, by_day[on]])
    scale = [1, NANO]
    closings = [[end, by_day[end]] for end in MONTHS]
    return {"scale": scale, "lines": lines, "postings": postings, "windows": windows, "closings": closings}


@given(contracts())
@settings(settings.get_profile("currency"))
def test_entries_balance_and_balances_stand_at_their_rates(facts: dict[str, Any]) -> None:
    result = json.loads(fold_currency(json.dumps(facts)))
    by_number = {row[0]: row for row in facts["postings"]}
    assert sorted(number for number, _ in result["amounts"]) == sorted(by_number)
    entries: dict[Any, int] = defaultdict(int)
    standing: dict[str, int] = defaultdict(int)
    foreign: dict[str, int] = defaultdict(int)
    for number, worth in result["amounts"]:
        row = by_number[number]
        entries[row[1]] += worth
        standing[row[5]] += worth
        foreign[row[5]] += row[9]
    for entry, on, kind, role, _line, worth in result["extras"]:
        entries[entry or (on, kind)] += worth
        standing[role] += worth
    assert {entry: total for entry, total in entries.items() if total} == {}  # invariant 1
    last = Fraction(facts["closings"][-1][1], NANO)
    documents = len({row[8] for row in facts["postings"]})
    off = abs(standing["accounts_receivable"] - rounded(foreign["accounts_receivable"] * last))
    assert off <= documents  # invariant 55, each document rounded
    left = sum(layer[4] * (1 if layer[1] is None else -1) for layer in result["layers"])
    worth = sum(layer[5] * (1 if layer[1] is None else -1) for layer in result["layers"])
    assert (left, worth) == (foreign["deferred_revenue"], standing["deferred_revenue"])  # invariant 54
    for _line, on, amount, value, remaining, remaining_value in result["layers"]:
        if on is not None:
            assert abs(remaining_value - Fraction(value * remaining, amount)) <= 1
    if not result["layers"]:
        assert standing["deferred_revenue"] == 0  # invariant 56
