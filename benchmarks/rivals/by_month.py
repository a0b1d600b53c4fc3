"""Deferrals as two ERPs document them: entries made month by month, by a rule of their own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.rivals.obligations import EPOCH, Row, first_day, month_of, read, rolled


def erpnext(path: Path) -> list[Row]:
    """ERPNext, "Book Deferred Entries Based On: Months": equal months, a part of one by its days, and the rest last.

    Before every entry the product asks its ledger what was booked of the item so far. The ledger here is a table of
    SQLite in memory with an index on the item, without a server, an ORM and the other columns. Amounts are floats
    rounded to the cent.
    """
    import sqlite3

    billed: Counter[int] = Counter()
    with sqlite3.connect(":memory:") as ledger:
        ledger.execute("create table entries (item integer, month integer, cents integer)")
        ledger.execute("create index entries_of_item on entries (item)")
        for key, amount_minor, from_day, to_day in read(path):
            total, first, last = amount_minor / 100, month_of(from_day), month_of(to_day)
            billed[first] += amount_minor
            count = _months_between(from_day, to_day)
            for number in range(first, last + 1):
                begin, end = max(from_day, first_day(number)), min(to_day, first_day(number + 1) - 1)
                booked = ledger.execute("select coalesce(sum(cents), 0) from entries where item = ?", [key]).fetchone()
                left = round(total - booked[0] / 100, 2)
                length = first_day(number + 1) - first_day(number)
                amount = left if number == last else round(min(total / count * (end - begin + 1) / length, left), 2)
                ledger.execute("insert into entries values (?, ?, ?)", [key, number, round(amount * 100)])
        recognised = ledger.execute("select month, sum(cents) from entries group by month").fetchall()
    return list(rolled(billed, dict(recognised)))


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
