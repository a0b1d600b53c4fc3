"""Invoices as the business thinks of them, before they become Stripe objects. Money is minor units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from .customers import Customer
from .identifiers import stripe_id
from .moments import add_months


@dataclass
class Item:
    """One invoice line. `amount` is before `discount`; a line with no dates is not for a span of time.

    kind: `discount` for an invoice-level discount. line_id: the CRM contract line it bills.
    """

    product_id: str
    amount: int
    starts: date | None = None
    ends: date | None = None
    quantity: int = 1
    line_id: str = ""
    kind: str = ""
    proration: bool = False
    metered: bool = False
    discount: int = 0
    interval: str = "month"

    @property
    def net(self) -> int:
        return self.amount - self.discount


@dataclass(frozen=True)
class Fate:
    """What happens to an invoice after it is sent.

    kind: paid, open, void, uncollectible, credit, refund, dispute_won, dispute_lost. `on`: the day of it.
    credits: (place of the invoice line, net amount) credited or refunded. lines: the credit note names those lines, has
    one of its own (`custom`), or has none. settled: before (the payment), refund, balance, outside.
    """

    kind: str = "paid"
    on: date | None = None
    credits: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    stripe_reason: str | None = None
    lines: str = "line"
    settled: str = "refund"
    voided_on: date | None = None

    @property
    def amount(self) -> int:
        return sum(amount for _, amount in self.credits)


@dataclass
class Bill:
    """One invoice.

    finalized_on: when the customer gets it, its issue date. `contract_id` is Salesforce's, empty for self-serve.
    """

    key: str
    customer: Customer
    finalized_on: date
    items: list[Item]
    contract_id: str = ""
    subscription_key: str = ""
    reason: str = "manual"
    fate: Fate = Fate()
    coupon: str = ""
    created_on: date | None = None
    effective_on: date | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    starting_balance: int = 0  # negative = the customer's credit, used up first

    @property
    def id(self) -> str:
        return stripe_id("in", self.key)

    @property
    def credit_note_id(self) -> str:
        return stripe_id("cn", self.key)

    @property
    def tax_percent(self) -> int:
        """Self-serve buyers pay VAT; companies with a contract only in nwm-eu's own country."""
        country = self.customer.country
        return country.vat if not self.customer.is_crm or country.code == "IE" else 0

    def line_id(self, place: int) -> str:
        return stripe_id("il", f"{self.key}:{place}")

    def tax_on(self, net: int) -> int:
        return share(net, self.tax_percent, 100)

    def tax(self, item: Item) -> int:
        return self.tax_on(item.net)

    @property
    def credited_tax(self) -> int:
        return sum(self.tax_on(amount) for _, amount in self.fate.credits)

    @property
    def net(self) -> int:
        return sum(item.net for item in self.items)

    @property
    def total_tax(self) -> int:
        return sum(self.tax(item) for item in self.items)

    @property
    def total(self) -> int:
        return self.net + self.total_tax


def share(amount: int, part: int, whole: int) -> int:
    """The part's share, half a minor unit rounded away from zero."""
    size = (2 * abs(amount) * part + whole) // (2 * whole)
    return size if amount >= 0 else -size


def instalments(amount: int, starts: date, ends: date, months: int) -> list[tuple[date, date, int]]:
    """(from, to, amount) per `months` of the term, by days where a month is broken; they add up to the amount."""
    spans: list[tuple[date, date]] = []
    while not spans or spans[-1][1] < ends:
        begin = add_months(starts, months * len(spans))
        spans.append((begin, min(ends, add_months(starts, months * (len(spans) + 1)) - timedelta(days=1))))
    even = spans[-1][1] == add_months(starts, months * len(spans)) - timedelta(days=1)
    weights = [1 if even else (end - begin).days + 1 for begin, end in spans]
    whole, done, billed, result = sum(weights), 0, 0, []
    for (begin, end), weight in zip(spans, weights, strict=True):
        done += weight
        upto = share(amount, done, whole)
        result.append((begin, end, upto - billed))
        billed = upto
    return result
