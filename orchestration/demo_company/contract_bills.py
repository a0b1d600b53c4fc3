"""The invoices of a signed contract: for every line, what is billed less credits is the line's amount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from .bills import Bill, Fate, Item, instalments
from .catalog import PRODUCTS
from .customers import draws
from .deals import Deal, Line
from .moments import add_months
from .selfserve import CLOSES

MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}
INTERVALS = {"monthly": "month", "quarterly": "quarter", "annual": "year"}
DAY = timedelta(days=1)
LARGEST_LOSS = 3_000_000  # minor units: nobody writes off a large customer without a lawsuit

# By contract in turn; "" = all goes well.
MISHAPS = (
    *("", "", "late", "", "", "rebill", "", "", "", "credit_rebill"),
    *("", "", "uncollectible", "", "uncollectible", "", ""),
)

Due = tuple[date, Item]


def bills_of(seed: int, deal: Deal, turn: int) -> list[Bill]:
    """Every invoice up to the end of January 2026, in order of issue; `turn` chooses the mishap."""
    bills = plain_bills_of(seed, deal)
    if len(deal.versions) > 1:
        _credit_the_change(deal, bills)
    elif bills:
        _mishap(bills, MISHAPS[turn % len(MISHAPS)], draws(seed, deal.customer.number, f"mishap of {deal.key}"))
    return bills


def plain_bills_of(seed: int, deal: Deal) -> list[Bill]:
    """The invoices as planned."""
    draw = draws(seed, deal.customer.number, f"bills of {deal.key}")
    dues = [due for line in deal.versions[-1].lines for due in _dues(draw, deal, line)]
    by_day: dict[date, list[Item]] = {}
    for on, item in sorted(dues, key=lambda due: due[0]):
        if on <= CLOSES:
            by_day.setdefault(on, []).append(item)
    return [_bill(deal, on, items) for on, items in by_day.items()]


def _bill(deal: Deal, on: date, items: list[Item]) -> Bill:
    key = f"{deal.customer.number}:{deal.key}"
    bill = Bill(f"{key}:{on}", deal.customer, on, items, contract_id=deal.id)
    if deal.by_subscription:
        bill.reason = "subscription_create" if on == deal.starts else "subscription_cycle"
        bill.subscription_key = f"{key}:sub"
    return bill


def _dues(draw: Random, deal: Deal, line: Line) -> list[Due]:
    if line.is_usage:
        return _usage(draw, deal, line)
    if line.product_id == "implementation" and line.timing == "arrears":
        return [(on, _one_off(line, line.unit_price, 1)) for on in deal.milestones]
    if line.ends is None:
        return [(deal.starts, _one_off(line, line.amount, line.quantity))]
    first = next((old for old in deal.versions[0].lines if old.id == line.id), line)
    spans = _spans(first, line, deal)
    items = [_item(line, begin, end, amount) for begin, end, amount in spans]
    return [(item.starts if line.timing == "advance" else item.ends + DAY, item) for item in items]


def _spans(first: Line, line: Line, deal: Deal) -> list[tuple[date, date, int]]:
    """As first agreed, and from a change on what the change left to bill. A reduction is a credit note, not a span."""
    spans = instalments(first.amount, first.starts, first.ends, MONTHS[line.frequency])
    if line == first:
        return spans
    changed_on = deal.versions[-1].effective_on
    if line.frequency == "annual":
        if line.amount <= first.amount:
            return spans
        begin = changed_on if line.ends == first.ends else first.ends + DAY
        return [*spans, (begin, line.ends, line.amount - first.amount)]
    before = [span for span in spans if span[0] < changed_on]
    left = line.amount - sum(amount for _, _, amount in before)
    return before + instalments(left, changed_on, line.ends, MONTHS[line.frequency])


def _item(line: Line, begin: date, end: date, amount: int) -> Item:
    quantity = line.quantity if amount % line.quantity == 0 else 1
    return Item(line.product_id, amount, begin, end, quantity, line.id, interval=INTERVALS[line.frequency])


def _one_off(line: Line, amount: int, quantity: int) -> Item:
    return Item(line.product_id, amount, quantity=quantity, line_id=line.id)


def _usage(draw: Random, deal: Deal, line: Line) -> list[Due]:
    """Thousands of events above the plan, month by month, invoiced the day after the month."""
    dues = []
    for month in range(deal.months):
        begin, after = add_months(deal.starts, month), add_months(deal.starts, month + 1)
        thousands = draw.choices((0, draw.randint(200, 1500), draw.randint(1500, 9000)), weights=(30, 50, 20))[0]
        if thousands:
            amount = thousands * PRODUCTS[line.product_id].price(deal.customer.currency)
            dues.append((after, Item(line.product_id, amount, begin, after - DAY, thousands, line.id, metered=True)))
    return dues


def _credit_the_change(deal: Deal, bills: list[Bill]) -> None:
    """What the change took off lines that were billed for the whole term is credited on their first invoice."""
    change = deal.versions[-1]
    agreed = {line.id: line.amount for line in change.lines}
    credits = []
    for place, item in enumerate(bills[0].items):
        billed = sum(other.amount for bill in bills for other in bill.items if other.line_id == item.line_id)
        if change.change in ("downgrade", "termination", "price_change") and billed > agreed[item.line_id]:
            credits.append((place, billed - agreed[item.line_id]))
    if credits:
        reason = "price_change" if change.change == "price_change" else "scope_reduction"
        settled = "balance" if deal.customer.pays_by == "direct_debit" else "refund"
        bills[0].fate = Fate("credit", change.effective_on, tuple(credits), reason=reason, settled=settled)


def _mishap(bills: list[Bill], mishap: str, draw: Random) -> None:
    place = len(bills) // 2
    bill = bills[place]
    on = bill.finalized_on + timedelta(days=draw.randint(3, 9))
    again = replace(bill, key=f"{bill.key}:again", finalized_on=on + DAY, reason="manual")
    again.metadata = {"replaces": bill.id}
    match mishap:
        case "late":  # the invoice was forgotten: service runs long before it
            bill.created_on = bill.finalized_on = bill.finalized_on + timedelta(days=draw.randint(40, 80))
        case "rebill":
            bill.fate = Fate("void", on)
            bills.insert(place + 1, replace(again, effective_on=bill.finalized_on))
        case "credit_rebill":
            credits = tuple((line, item.net) for line, item in enumerate(bill.items))
            bill.fate = Fate("credit", on, credits, reason="billing_error", stripe_reason="duplicate", settled="before")
            bills.insert(place + 1, again)
        case "uncollectible" if bills[-1].total < LARGEST_LOSS:
            bills[-1].fate = Fate("uncollectible", bills[-1].finalized_on + timedelta(days=90))
