"""The steps of a trace, and what they say of amounts and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orchestration.origins import Origin
from orchestration.rows import Row, plain


@dataclass
class Step:
    """One step of a trace. `amount` is what the children of kind `adds_up` add up to, if that is named."""

    kind: str
    id: str
    text: str = ""
    currency: str | None = None
    amount: Decimal | None = None
    adds_up: str | None = None
    steps: list[Step] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values, without what is empty."""
        found = {name: getattr(self, name) for name in ("kind", "id", "text", "currency", "amount", "adds_up")}
        shown = {name: plain(value) for name, value in found.items() if value not in (None, "")}
        return shown | ({"steps": [step.as_json() for step in self.steps]} if self.steps else {})

    def walk(self) -> Iterator[Step]:
        """This step and all below it."""
        yield self
        for step in self.steps:
            yield from step.walk()


def origin_step(origin: Origin) -> Step:
    """An input row, with its place and its amount."""
    amount = None
    if origin.amount_minor is not None and origin.currency:
        amount = _scaled(origin.amount_minor, origin.minor_units)
    facts = told(origin.facts)
    if origin.tax_minor:
        facts = ", ".join(filter(None, (facts, f"tax {_scaled(origin.tax_minor, origin.minor_units):f}")))
    return Step(f"{origin.table} row", origin.key, f"{origin.place}: {facts}", origin.currency, amount)


def told(facts: dict[str, Any]) -> str:
    """Facts of a row in words."""
    return ", ".join(f"{name} {f'{value:f}' if isinstance(value, Decimal) else value}" for name, value in facts.items())


def money(row: Row) -> tuple[str, Decimal]:
    """Currency and amount of a row: its closing, else its minor units."""
    return row["currency"], row["closing"] if "closing" in row else major(row)


def major(row: Row) -> Decimal:
    """Minor units of a row in major units."""
    return _scaled(row["minor"], row["minor_units"])


def _scaled(minor: int, minor_units: int) -> Decimal:
    return Decimal(minor).scaleb(-minor_units)
