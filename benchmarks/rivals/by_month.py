"""Deferrals as two ERPs document them: entries made month by month, by a rule of their own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.rivals.obligations import EPOCH, Row, first_day, month_of, read, rolled


def erpnext(path: Path) -> list[Row]:
    """ERPNext, "Book Deferred Entries Based On: Months": equal months, a part of one by its days, and the rest last.

    Every entry looks at what was booked of the item before it, as the product asks its ledger; here that is a list in
    memory, where the product runs a query. Amounts are floats rounded to the cent.
    """
    billed: Counter[int] = Counter()
    ledger: dict[int, list[tuple[int, float]]] = {}
    for key, amount_minor, from_day, to_day in read(path):
        total, first, last = amount_minor / 100, month_of(from_day), month_of(to_day)
        billed[first] += amount_minor
        count = _months_between(from_day, to_day)
        booked = ledger.setdefault(key, [])
        for number in range(first, last + 1):
            begin, end = max(from_day, first_day(number)), min(to_day, first_day(number + 1) - 1)
            already = round(sum(amount for _, amount in booked), 2)
            if number == last:
                amount = round(total - already, 2)
            else:
                length = first_day(number + 1) - first_day(number)
                amount = round(min(total / count * (end - begin + 1) / length, total - already), 2)
            booked.append((number, amount))
    recognised: Counter[int] = Counter()
    for entries in ledger.values():
        for number, amount in entries:
            recognised[number] += round(amount * 100)
    return list(rolled(billed, recognised))


def _months_between(from_day: int, to_day: int) -> float:
    """Whole months and the days beyond them as a part of one."""
    from datetime import timedelta

    begin, end = EPOCH + timedelta(days=from_day), EPOCH + timedelta(days=to_day + 1)
    return (end.year - begin.year) * 12 + end.month - begin.month + (end.day - begin.day) / 30


def odoo(path: Path) -> list[Row]:
    """Odoo, "Based on: Months": each month has the share of its days, of thirty a month; rounding ends in the last."""
    billed: Counter[int] = Counter()
    recognised: Counter[int] = Counter()
    for _, amount_minor, from_day, to_day in read(path):
        total, first, last = amount_minor / 100, month_of(from_day), month_of(to_day)
        billed[first] += amount_minor
        term, left = _days_of_thirty(from_day, to_day), total
        for number in range(first, last + 1):
            begin, end = max(from_day, first_day(number)), min(to_day, first_day(number + 1) - 1)
            amount = round(left if number == last else total * _days_of_thirty(begin, end) / term, 2)
            left = round(left - amount, 2)
            recognised[number] += round(amount * 100)
    return list(rolled(billed, recognised))


def _days_of_thirty(from_day: int, to_day: int) -> int:
    from datetime import timedelta

    begin, after = EPOCH + timedelta(days=from_day), EPOCH + timedelta(days=to_day + 1)
    return (after.year - begin.year) * 360 + (after.month - begin.month) * 30 + min(after.day, 30) - min(begin.day, 30)
