"""What the processors send to the bank: once a week and currency, everything that moved that week."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from . import gocardless_objects as gocardless
from . import stripe_money as money
from .moments import day_of, seconds
from .world import Record, World

Json = dict[str, Any]


def _week_end(moment: int) -> Any:
    """The Monday after it."""
    day = day_of(moment)
    return day + timedelta(days=7 - day.weekday())


def put_stripe_payouts(world: World) -> None:
    weeks: dict[tuple[Any, str], list[Json]] = defaultdict(list)
    for record in world.all_records("stripe", "balance_transaction"):
        row = record.versions[-1][1]
        weeks[_week_end(row["created"]), row["currency"]].append(row)
    carried: dict[str, list[Json]] = defaultdict(list)
    for (monday, currency), rows in sorted(weeks.items(), key=lambda week: week[0]):
        rows = carried.pop(currency, []) + rows
        amount = sum(row["net"] for row in rows)
        if amount <= 0:  # nothing to send: it waits for the next week
            carried[currency] = rows
            continue
        at = seconds(monday, 3)
        key = f"{monday}:{currency}"
        payout = money.payout(key, amount, currency, at)
        world.put("stripe", "payout", payout, at, "payout.created")
        for row in rows:
            world.amend("stripe", "balance_transaction", row["id"], at, {"_payout": payout["id"]})
        sent = money.balance_transaction(f"payout:{key}", "payout", payout["id"], -amount, 0, currency, at)
        world.put("stripe", "balance_transaction", {**sent, "_payout": payout["id"]}, at)


def put_gocardless_payouts(world: World) -> None:
    """Collections paid out in the week, less fees, refunds and what was charged back."""
    weeks: dict[tuple[Any, str], list[tuple[str, int, dict[str, str]]]] = defaultdict(list)
    for record in world.all_records("gocardless", "payment"):
        for kind, at, amount in _movements(record):
            currency = record.versions[0][1]["currency"]
            weeks[_week_end(at), currency].append((kind, amount, {"payment": record.id}))
    for record in world.all_records("gocardless", "refund"):
        at, row = record.versions[0]
        links = {"refund": record.id, "payment": row["links"]["payment"]}
        weeks[_week_end(at), row["currency"]].append(("refund", -row["amount"], links))
    carried: dict[str, list[tuple[str, int, dict[str, str]]]] = defaultdict(list)
    for (monday, currency), moves in sorted(weeks.items(), key=lambda week: week[0]):
        moves = carried.pop(currency, []) + moves
        collected = [links["payment"] for kind, _, links in moves if kind == "payment_paid_out"]
        fees = gocardless.FEE_PER_PAYMENT * len(collected)
        amount = sum(moved for _, moved, _ in moves) - fees
        if amount <= 0:
            carried[currency] = moves
            continue
        at = seconds(monday, 4)
        payout = gocardless.payout(f"{monday}-{currency}", amount, fees, currency, at, monday + timedelta(days=1))
        world.put("gocardless", "payout", payout, at, "paid")
        moves = [*moves, *(("gocardless_fee", -gocardless.FEE_PER_PAYMENT, {"payment": p}) for p in collected)]
        for number, (kind, moved, links) in enumerate(moves):
            item = gocardless.payout_item(payout["id"], number, kind, moved, links)
            world.put("gocardless", "payout_item", item, at)
        for payment_id in collected:
            record = world.record("gocardless", "payment", payment_id)
            links = {**record.versions[0][1]["links"], "payout": payout["id"]}
            world.amend("gocardless", "payment", payment_id, at, {"links": links})


def _movements(record: Record) -> list[tuple[str, int, int]]:
    """(kind of payout item, when, amount) of a payment: paid out, and perhaps taken back."""
    moves, status = [], ""
    for at, row in record.versions:
        if row["status"] != status:
            status = row["status"]
            if status == "paid_out":
                moves.append(("payment_paid_out", at, row["amount"]))
            elif status == "charged_back":
                moves.append(("payment_charged_back", at, -row["amount"]))
    return moves
