"""Rows of the canonical input tables: the latest known of each id, and what they say. Part of the oracle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

Row = dict[str, str]
Tables = dict[str, list[Row]]
DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
KEYS = {
    "policies": ("entity_id", "policy"),
    "contracts": ("contract_id",),
    "contract_versions": ("contract_id", "version"),
    "contract_lines": ("contract_id", "version", "line_id"),
    "price_components": ("component_id",),
    "price_estimates": ("component_id", "estimated_on", "scenario"),
    "progress": ("contract_id", "line_id", "measured_on"),
    "usage": ("usage_id",),
    "customers": ("customer_id",),
    "products": ("product_id",),
    "entities": ("entity_id",),
    "invoices": ("invoice_id",),
}
Key = tuple[str, str]  # a line: its contract and its id


class OutOfReach(Exception):
    """A rule this oracle does not know; the message names it."""


def text(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()


def day(row: Row, column: str) -> date | None:
    value = text(row, column)
    return date.fromisoformat(value) if value else None


def number(row: Row, column: str) -> Fraction | None:
    value = text(row, column)
    return Fraction(value) if value else None


def known(name: str, rows: Iterable[Row], as_of: str | None = None) -> list[Row]:
    """The latest known row of each id. A fact without a time of knowledge was known at once."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if as_of and text(row, "recorded_at") > as_of:
            continue
        key = tuple(text(row, column) for column in KEYS.get(name, ()))
        if key not in latest or text(row, "recorded_at") >= text(latest[key], "recorded_at"):
            latest[key] = row
    return list(latest.values())


@dataclass(frozen=True)
class Terms:
    """One line as one version states it."""

    key: Key
    product_id: str
    amount: int
    quantity: Fraction
    unit_price: Fraction | None
    method: str
    starts: date | None
    ends: date | None
    expires: date | None
    ssp: Fraction | None
    scope: str

    @property
    def order(self) -> tuple[str, int, str]:
        """Ties go to the shorter line id, then to the first in order."""
        return (self.key[0], len(self.key[1]), self.key[1])

    @property
    def is_discount(self) -> bool:
        """A reduction without delivery of its own, to be shared by the lines it belongs to."""
        return self.amount < 0 and (bool(self.scope) or not (self.starts or self.ends))

    def same_as(self, other: Terms) -> bool:
        mine, theirs = (
            (x.product_id, x.amount, x.quantity, x.method, x.starts, x.ends, x.expires) for x in (self, other)
        )
        return mine == theirs


@dataclass
class Version:
    contract_id: str
    number: int
    agreed: date
    effective: date
    change: str
    treatment: str
    lines: list[Terms]
    resumes: date | None = None

    @property
    def on(self) -> date:
        """The day it counts: new terms agreed after they take effect are a modification of the day of the agreement."""
        return max(self.agreed, self.effective)


@dataclass
class Component:
    contract_id: str
    component_id: str
    kind: str
    origin: int
    scope: tuple[str, ...]
    starts: date | None
    ends: date | None
    exclusive: bool
    estimates: list[tuple[date, int]] = field(default_factory=list)

    @property
    def is_main(self) -> bool:
        """Whether it is earned as its lines are, and not by a rule of its own."""
        return self.kind not in ("past_concession", "royalty") and not (self.starts or self.ends)

    def on(self, when: date) -> int:
        """The estimate that holds at the end of a day."""
        return next((amount for made, amount in reversed(self.estimates) if made <= when), 0)
