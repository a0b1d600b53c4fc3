"""Facts for fold_invoice in the words of the tests, and its result read back as a trial balance by month."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from typing import Any

from fold_invoice import EPOCH, cumulative, fold_invoice

CREDIT_GROWS = {
    "customer_balance",
    "deferred_revenue",
    "exclusions",
    "recoveries",
    "revenue",
    "tax_payable",
}


def day(text: str) -> int:
    """'2025-01-31' as days since 1970-01-01."""
    return datetime.date.fromisoformat(text).toordinal() - EPOCH


def month(number: int) -> str:
    return datetime.date.fromordinal(number + EPOCH).isoformat()[:7]


def line(
    amount: int,
    starts: str,
    ends: str | None = None,
    *,
    key: Any = 1,
    tax: int = 0,
    spread: str = "daily",
    days: str = "even",
    not_before: str | None = None,
) -> list[Any]:
    """A line of the facts; one without an end is earned on the day it starts. The key is its sequence number too."""
    method = "on_date" if ends is None else "straight_line"
    held = None if not_before is None else day(not_before)
    return [key, key, amount, tax, method, spread, days, day(starts), day(ends or starts), held]


def event(
    on: str, kind: str, amount: int | None = None, how: str | None = None, *, tax: int = 0, key: Any = None
) -> list[Any]:
    return [day(on), kind, key, amount, tax, how]


class Books:
    """The books after the events, which are numbered in the order given."""

    def __init__(self, lines: list[list[Any]], *events: list[Any]) -> None:
        self.lines, self.events = lines, [[number, *rest] for number, rest in enumerate(events, 1)]
        self.days = {number: on for number, on, *_ in self.events}
        self.result = json.loads(fold_invoice(json.dumps({"lines": lines, "events": self.events})))
        self.segments = self.result["segments"]
        self.movements = self.result["movements"]

    def without_last(self) -> Books:
        return Books(self.lines, *(rest for _, *rest in self.events[:-1]))

    def earned(self, through: int, key: Any = None) -> int:
        """Revenue recognised through a day, of all lines or of one."""
        return sum(slice_earned(row, through) for row in self.segments if key in (None, row[0]))

    def balance(self, role: str, key: Any = None) -> int:
        """Lifetime debit of a role in the movements."""
        return sum(debit for _, line_key, name, debit in self.movements if name == role and key in (None, line_key))

    def months(self) -> dict[str, dict[str, int]]:
        """Net change by role and month in the natural direction of the role, zeros left out."""
        debits: dict[tuple[str, str], int] = defaultdict(int)
        for number, _, role, debit in self.movements:
            debits[role, month(self.days[number])] += debit
        for row in self.segments:
            for number in range(row[1], row[2] + 1):
                earned = slice_earned(row, number) - slice_earned(row, number - 1)
                debits["deferred_revenue", month(number)] += earned
                debits["revenue", month(number)] -= earned
        table: dict[str, dict[str, int]] = defaultdict(dict)
        for (role, name), debit in sorted(debits.items()):
            if debit:
                table[role][name] = -debit if role in CREDIT_GROWS else debit
        return dict(table)


def slice_earned(row: list[Any], through: int) -> int:
    """What a slice has earned through a day: its part of the schedule it is cut from."""
    _, first, last, starts, ends, amount, spread, days, held, _ = row

    def total(number: int) -> int:
        return cumulative(amount, spread, days, starts, ends, number, held)

    return 0 if through < first else total(min(through, last)) - total(first - 1)


def by_month(first: str, *amounts: int) -> dict[str, int]:
    """{'2025-01': 100, '2025-02': 200} from the first month on; zeros left out."""
    year, number = map(int, first.split("-"))
    names = [f"{year + (number - 1 + i) // 12}-{(number - 1 + i) % 12 + 1:02d}" for i in range(len(amounts))]
    return {name: amount for name, amount in zip(names, amounts, strict=True) if amount}
