"""The customers with a signed contract: what was sold, for how long, how it is billed, and how it was changed later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .bills import share
from .catalog import PRODUCTS
from .customers import Customer, draws
from .identifiers import salesforce_id
from .moments import add_months, last_day_of_term

LAST_START = date(2025, 11, 1)

# How a contract is sold; one per CRM customer in turn, so that every kind is there in every part of the world.
KINDS = (
    *("annual", "monthly", "arrears", "usage", "bundle_once", "monthly", "ramp", "monthly", "bundle_milestone"),
    *("two_years", "usage", "annual", "sites"),
)
CHANGES = ("upsell", "downgrade", "termination", "extension", "upsell_monthly", "price_change")
CHANGED_EVERY = 8


@dataclass(frozen=True)
class Line:
    """One contract line. `amount` is for the whole term and equals quantity x unit_price; usage lines have none."""

    id: str
    product_id: str
    quantity: int
    unit_price: int
    list_price: int
    amount: int
    starts: date | None
    ends: date | None
    frequency: str = ""
    timing: str = ""

    @property
    def is_usage(self) -> bool:
        return self.product_id == "events-overage"


@dataclass(frozen=True)
class Version:
    """All the lines as agreed: the first, or after a change."""

    agreed_on: date
    effective_on: date
    ends_on: date
    change: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Deal:
    """One signed contract with its versions. `kind` says how it is sold and billed."""

    key: str
    customer: Customer
    kind: str
    signed_on: date
    starts: date
    months: int
    versions: tuple[Version, ...]
    milestones: tuple[date, ...] = ()
    by_subscription: bool = False

    @property
    def id(self) -> str:
        return salesforce_id("Contract", self.key)

    @property
    def ends(self) -> date:
        return last_day_of_term(self.starts, self.months)


class _Seller:
    """Prices the lines of one deal: list price, less the deal's discount, to the minor unit."""

    def __init__(self, draw: Random, customer: Customer, uplift: int) -> None:
        self.draw = draw
        self.currency = customer.currency
        self.off = draw.choice((0, 0, 5, 8, 10, 12, 15, 20, 25))
        self.uplift = uplift

    def line(
        self,
        line_id: str,
        product_id: str,
        quantity: int,
        starts: date,
        months: int = 0,
        frequency: str = "once",
        timing: str = "advance",
    ) -> Line:
        """months: 0 = not for a span of time."""
        listed = PRODUCTS[product_id].price(self.currency) * max(1, months)
        unit_price = share(share(listed, 100 + self.uplift, 100), 100 - self.off, 100)
        ends = last_day_of_term(starts, months) if months else None
        amount = quantity * unit_price
        return Line(line_id, product_id, quantity, unit_price, listed, amount, starts, ends, frequency, timing)

    def usage(self, line_id: str, starts: date, months: int) -> Line:
        price = PRODUCTS["events-overage"].price(self.currency)
        ends = last_day_of_term(starts, months)
        return Line(line_id, "events-overage", 0, price, price, 0, starts, ends, "monthly", "arrears")


def make_deals(seed: int, customer: Customer) -> list[Deal]:
    """The customer's first contract and its renewals, each signed before it starts."""
    turn = customer.number // 2
    draw = draws(seed, customer.number, "deals")
    kind = KINDS[turn % len(KINDS)]
    change = CHANGES[turn // CHANGED_EVERY % len(CHANGES)] if turn % CHANGED_EVERY == 3 else ""
    starts = date(2024, 1, 1) + timedelta(days=int(560 * draw.random() ** 1.5))
    if draw.random() < 0.55:
        starts = starts.replace(day=1)
    if change:
        kind = "monthly" if change == "upsell_monthly" else "annual"
        starts = min(starts, date(2025, 5, 1))
    seats = {"enterprise": draw.randint(60, 240), "mid_market": draw.randint(20, 80), "small": draw.randint(8, 25)}
    deals: list[Deal] = []
    while starts <= LAST_START and len(deals) < 2:
        uplift = 0 if not deals else draw.choice((0, 3, 5, 7))
        deal = _make(
            draw, customer, kind, starts, seats[customer.segment], uplift, f"{customer.number}:{len(deals) + 1}"
        )
        deals.append(_amended(draw, deal, change) if change else deal)
        if change in ("termination", "extension") or draw.random() > 0.85:
            break
        change = ""
        starts = add_months(deal.starts, deal.months)
        kind = "annual" if kind.startswith(("bundle", "ramp")) else kind
    return deals


def make_plain_deal(seed: int, customer: Customer, kind: str, starts: date) -> Deal:
    """One contract of a kind, for a middling customer, that is never changed."""
    return _make(draws(seed, customer.number, "plain deal"), customer, kind, starts, 45, 0, f"{customer.number}:1")


def _make(draw: Random, customer: Customer, kind: str, starts: date, seats: int, uplift: int, key: str) -> Deal:
    seller = _Seller(draw, customer, uplift)
    platform = "platform-enterprise" if customer.segment == "enterprise" else "platform-business"
    months = 24 if kind in ("ramp", "two_years") else 12
    rhythm, timing = {
        "monthly": ("monthly", "advance"),
        "usage": ("monthly", "advance"),
        "arrears": ("quarterly", "arrears"),
    }.get(kind, ("annual", "advance"))
    lines: list[Line] = []
    milestones: tuple[date, ...] = ()
    if kind == "ramp":
        for year, count in enumerate((seats, seats + seats // 3)):
            lines.append(seller.line(f"L{year + 1}", platform, count, add_months(starts, 12 * year), 12, "annual"))
    elif kind == "sites":  # one line per site: more lines than Stripe embeds in an invoice
        for site in range(draw.randint(11, 14)):
            lines.append(seller.line(f"L{site + 1}", platform, max(4, seats // 10 + site % 3), starts, 12, rhythm))
    else:
        lines.append(seller.line("L1", platform, seats, starts, months, rhythm, timing))
    if kind == "usage":
        lines.append(seller.usage(f"L{len(lines) + 1}", starts, months))
    if kind != "sites" and draw.random() < 0.4:
        addon = draw.choice(("addon-warehouse-sync", "addon-sso"))
        lines.append(seller.line(f"L{len(lines) + 1}", addon, 1, starts, months, rhythm, timing))
    if customer.segment == "enterprise" and draw.random() < 0.5:
        lines.append(seller.line(f"L{len(lines) + 1}", "support-premium", 1, starts, months, rhythm, timing))
    if kind == "bundle_once":
        lines.append(seller.line(f"L{len(lines) + 1}", "onboarding", 1, starts + timedelta(days=20)))
        if draw.random() < 0.5:
            lines.append(
                seller.line(f"L{len(lines) + 1}", "training-day", draw.randint(1, 3), starts + timedelta(days=45))
            )
    if kind == "bundle_milestone":
        count = draw.randint(2, 4)
        when = draw.choice(("advance", "arrears"))
        lines.append(seller.line(f"L{len(lines) + 1}", "implementation", count, starts, 0, "once", when))
        gaps = [draw.randint(25, 55) for _ in range(count)]
        milestones = tuple(starts + timedelta(days=sum(gaps[: place + 1])) for place in range(count))
    signed_on = starts - timedelta(days=draw.randint(3, 40))
    first = Version(signed_on, starts, last_day_of_term(starts, months), "inception", tuple(lines))
    by_subscription = kind in ("monthly", "usage")
    return Deal(key, customer, kind, signed_on, starts, months, (first,), milestones, by_subscription)


def _amended(draw: Random, deal: Deal, change: str) -> Deal:
    """The deal with a second version from a later month of its term on."""
    first = deal.versions[0]
    passed = draw.randint(3, 8)
    on = add_months(deal.starts, passed)
    left = deal.months - passed
    line, rest = first.lines[0], first.lines[1:]
    ends_on = first.ends_on
    monthly_price = share(line.unit_price, 1, deal.months)
    if change in ("upsell", "upsell_monthly"):
        more = max(2, line.quantity // 4)
        added = more * monthly_price * left
        line = replace(line, quantity=line.quantity + more, amount=line.amount + added)
    elif change == "downgrade":
        less = max(1, line.quantity // 5)
        line = replace(line, quantity=line.quantity - less, amount=line.amount - less * monthly_price * left)
    elif change == "price_change":
        line = replace(line, amount=line.amount - share(line.amount, 10 * left, 100 * deal.months))
    elif change == "termination":
        ends_on = on - timedelta(days=1)
        line = replace(line, amount=share(line.amount, passed, deal.months), ends=ends_on)
        rest = tuple(
            replace(other, amount=share(other.amount, passed, deal.months), ends=ends_on) if other.ends else other
            for other in rest
        )
    elif change == "extension":
        ends_on = last_day_of_term(deal.starts, deal.months + 6)
        line = replace(line, amount=line.amount + line.quantity * monthly_price * 6, ends=ends_on)
    name = "upsell" if change == "upsell_monthly" else change
    second = Version(on - timedelta(days=draw.randint(2, 12)), on, ends_on, name, (line, *rest))
    return replace(deal, versions=(first, second))
