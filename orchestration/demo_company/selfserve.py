"""The customers who signed up by themselves: Stripe is all there is to know about them.

Monthly or annual plans from the day of sign-up, metered events in arrears, plan changes as prorations on the next
invoice (annual plans: at once), coupons, and one mishap per customer for about half of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .bills import Bill, Fate, Item, share
from .catalog import PRODUCTS
from .customers import Customer, draws
from .moments import add_months

OPENED = date(2024, 1, 1)
CLOSES = date(2026, 1, 31)
ANNUAL_MONTHS = 10  # a year in advance costs ten months

# One entry per self-serve customer in turn; "" = nothing goes wrong.
MISHAPS = (
    *("", "past_service", "", "dispute_lost", "", "deferred", "uncollectible", "", "void", "balance", "", "rebill"),
    *("refund", "", "late", "dispute_won", "custom", "", "discount", "before", "discount", "unlined", "late", ""),
    *("billing_error", "voided_note"),
)


MISHAPS_BY_DEBIT = (
    *("", "dispute_lost", "refund", "", "balance", "unlined", "late", "", "before", "uncollectible", "refund"),
)


@dataclass(frozen=True)
class Change:
    """From this day on, this plan and so many seats."""

    on: date
    product_id: str
    seats: int


@dataclass(frozen=True)
class Subscription:
    customer: Customer
    starts: date
    ends: date  # exclusive: the day it is gone, at the end of a period
    annual: bool
    product_id: str
    seats: int
    changes: tuple[Change, ...]
    metered: bool
    coupon: bool

    @property
    def months(self) -> int:
        return 12 if self.annual else 1

    def at(self, day: date) -> tuple[str, int]:
        product_id, seats = self.product_id, self.seats
        for change in self.changes:
            if change.on <= day:
                product_id, seats = change.product_id, change.seats
        return product_id, seats

    def price(self, product_id: str, seats: int) -> int:
        """Of a whole billing period."""
        return PRODUCTS[product_id].price(self.customer.currency) * seats * (ANNUAL_MONTHS if self.annual else 1)


def make_subscription(seed: int, customer: Customer) -> Subscription:
    draw = draws(seed, customer.number, "subscription")
    starts = OPENED + timedelta(days=int(600 * draw.random() ** 1.8))
    annual = draw.random() < 0.16
    months = 12 if annual else 1
    stays = 99 if draw.random() < 0.72 else draw.randint(4, 20)
    ends = CLOSES + timedelta(days=1)
    if add_months(starts, stays) <= CLOSES:
        ends = add_months(starts, max(months, stays - stays % months))
    product_id = draw.choices(("platform-team", "platform-business"), weights=(65, 35))[0]
    seats = draw.randint(3, 12) if customer.segment == "small" else draw.randint(10, 40)
    changes = _draw_changes(draw, starts, min(ends, CLOSES), product_id, seats, annual)
    metered = not annual and draw.random() < 0.35
    coupon = not annual and draw.random() < 0.2
    return Subscription(customer, starts, ends, annual, product_id, seats, changes, metered, coupon)


def _draw_changes(
    draw: Random, starts: date, before: date, product_id: str, seats: int, annual: bool
) -> tuple[Change, ...]:
    changes: list[Change] = []
    for _ in range(draw.choices((0, 1, 2, 3), weights=(40, 30, 20, 10))[0]):
        earliest = (changes[-1].on if changes else starts) + timedelta(days=40)
        if (before - earliest).days < 45:
            break
        on = earliest + timedelta(days=draw.randint(0, (before - earliest).days - 40))
        grows = annual or draw.random() < 0.7
        if grows and product_id == "platform-team" and draw.random() < 0.5:
            product_id = "platform-business"
        elif not grows and product_id == "platform-business" and draw.random() < 0.5:
            product_id = "platform-team"
        else:
            seats = seats + draw.randint(1, 8) if grows else max(2, seats - draw.randint(1, max(1, seats // 3)))
        changes.append(Change(on, product_id, seats))
    return tuple(changes)


def _prorations(subscription: Subscription, change: Change, begin: date, end: date) -> list[Item]:
    """What is left of the old plan comes back, what is left of the new one is charged. `end` is inclusive."""
    left, whole = (end - change.on).days + 1, (end - begin).days + 1
    old = subscription.at(change.on - timedelta(days=1))
    interval = "year" if subscription.annual else "month"
    return [
        Item(
            product_id,
            sign * share(subscription.price(product_id, seats), left, whole),
            change.on,
            end,
            quantity=seats,
            proration=True,
            interval=interval,
        )
        for sign, (product_id, seats) in ((-1, old), (1, (change.product_id, change.seats)))
    ]


def _metered(draw: Random, customer: Customer, begin: date, end: date) -> list[Item]:
    thousands = draw.choices((0, draw.randint(20, 400), draw.randint(400, 2500)), weights=(25, 60, 15))[0]
    price = PRODUCTS["events-overage"].price(customer.currency)
    return [Item("events-overage", thousands * price, begin, end, thousands, metered=True)] if thousands else []


def bills_of(seed: int, subscription: Subscription, turn: int) -> list[Bill]:
    """Every invoice up to the end of January 2026, in order; `turn` chooses the mishap."""
    customer, months = subscription.customer, subscription.months
    draw = draws(seed, customer.number, "bills")
    key = f"{customer.number}:sub"
    bills: list[Bill] = []
    pending: list[Item] = []
    count = 0
    while (begin := add_months(subscription.starts, count * months)) <= CLOSES:
        items, pending = pending, []
        reason = "subscription_cycle" if count else "subscription_create"
        if subscription.metered and count:
            items += _metered(draw, customer, add_months(subscription.starts, count - 1), begin - timedelta(days=1))
        coupon = ""
        if begin < subscription.ends:
            end = add_months(subscription.starts, (count + 1) * months) - timedelta(days=1)
            product_id, seats = subscription.at(begin)
            amount = subscription.price(product_id, seats)
            discount = share(amount, 20, 100) if subscription.coupon and count < 3 else 0
            coupon = "launch20" if discount else ""
            interval = "year" if subscription.annual else "month"
            items.append(Item(product_id, amount, begin, end, seats, discount=discount, interval=interval))
            for change in subscription.changes:
                if begin < change.on <= end:
                    pending += _prorations(subscription, change, begin, end)
        if items:
            bills.append(Bill(f"{key}:{begin}", customer, begin, items, "", key, reason, coupon=coupon))
        if subscription.annual and pending:
            for change_on in dict.fromkeys(item.starts for item in pending):
                now = [item for item in pending if item.starts == change_on]
                change_key = f"{key}:{change_on}:change"
                bills.append(Bill(change_key, customer, change_on, now, "", key, "subscription_update"))
            pending = []
        if begin >= subscription.ends:
            break
        count += 1
    mishaps = MISHAPS_BY_DEBIT if customer.pays_by == "direct_debit" else MISHAPS
    return with_mishap(bills, mishaps[turn % len(mishaps)], draw)


def with_mishap(bills: list[Bill], mishap: str, draw: Random) -> list[Bill]:
    """The same invoices after one of them went wrong: in the middle of the customer's time, on a plan line."""
    place = len(bills) // 2
    while place < len(bills) - 1 and bills[place].items[-1].proration:
        place += 1
    bill = bills[place]
    line = len(bill.items) - 1
    plan = bill.items[line]
    on = bill.finalized_on + timedelta(days=draw.randint(12, 24))
    by_debit = bill.customer.pays_by == "direct_debit"
    part = share(plan.net, draw.randint(20, 45), 100)
    credit = Fate("credit", on, ((line, part),), settled="balance" if by_debit else "refund")
    if plan.net <= 0:
        return bills
    match mishap:
        case "past_service" | "billing_error":
            bill.fate = replace(credit, reason=mishap)
        case "deferred":  # the customer leaves early and gets the rest back
            left = (plan.ends - on).days
            whole = (plan.ends - plan.starts).days + 1
            unused = ((line, share(plan.net, max(1, left), whole)),)
            bill.fate = replace(credit, credits=unused, reason="scope_reduction")
        case "balance":
            bill.fate = replace(credit, settled="balance", reason="price_change")
        case "before":
            bill.fate = replace(credit, on=bill.finalized_on, settled="before", stripe_reason="duplicate")
        case "custom":
            bill.fate = replace(credit, lines="custom")
        case "unlined":
            bill.fate = replace(credit, lines="none")
        case "voided_note":
            mistake = replace(credit, on=bill.finalized_on, settled="before")
            bill.fate = replace(mistake, voided_on=bill.finalized_on + timedelta(days=9))
        case "refund":
            bill.fate = Fate("refund", on, ((line, share(bill.total, 30, 100)),))
        case "dispute_lost" | "dispute_won":
            bill.fate = Fate(mishap, on)
        case "uncollectible":  # the last invoice is never paid
            bills[-1].fate = Fate("uncollectible", bills[-1].finalized_on + timedelta(days=60))
        case "void":
            bill.fate = Fate("void", bill.finalized_on + timedelta(days=2))
        case "rebill":
            bill.fate = Fate("void", bill.finalized_on + timedelta(days=5))
            again = replace(bill, key=f"{bill.key}:again", effective_on=bill.finalized_on, fate=Fate(), reason="manual")
            again.finalized_on, again.metadata = bill.finalized_on + timedelta(days=6), {"replaces": bill.id}
            bills.insert(place + 1, again)
        case "late":  # finalized long after the service it is for
            bill.created_on = bill.finalized_on
            bill.finalized_on += timedelta(days=draw.randint(34, 75))
        case "discount":
            bill.items.append(Item("discount", -share(bill.net, 15, 100), kind="discount"))
    if bill.fate.settled == "balance" and bill.fate.kind == "credit":
        _use_balance(bills[place + 1 :], bill)
    return bills


def _use_balance(later: list[Bill], credited: Bill) -> None:
    """The credit pays for what comes after it."""
    left = credited.fate.amount + credited.credited_tax
    # Paid by direct debit at the latest ten days and six after sending; the credit follows the payment.
    usable = credited.fate.on + timedelta(days=30)
    for bill in later:
        if left and bill.finalized_on > usable and bill.total > 0:
            bill.starting_balance = -left
            left -= min(left, bill.total)
