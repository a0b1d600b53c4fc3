"""What a random contract promises at its inception. Part of `contracts_at_random`."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts_at_random import Draft

DAY = timedelta(days=1)
SHAPES = ("service", "service", "bundle", "bundle", "bundle", "project", "pack", "goods", "residual", "discount")


@dataclass(frozen=True)
class Promise:
    """A line as the version in force states it; amounts in minor units."""

    line_id: str
    method: str
    product_id: str
    amount: int
    quantity: int
    starts: date | None
    ends: date | None
    ssp: int | None = None
    scope: str | None = None
    expires: date | None = None

    @property
    def listed(self) -> bool:
        return self.product_id.endswith("-listed")


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    month = day.year * 12 + day.month - 1 + months
    last = calendar.monthrange(month // 12, month % 12 + 1)[1]
    return date(month // 12, month % 12 + 1, min(day.day, last))


def promise(draft: Draft, line_id: str, method: str, pricing: str) -> Promise:
    """One line. `pricing`: `none` (its own amount), `own` (a price of its own) or `listed` (from the book)."""
    draw = draft.draw
    unit = 10**draft.company.digits
    amount = draw.choice((draw.randrange(1, 3_000) * unit, draw.randrange(5_000, 900_000), draw.randrange(1, 99)))
    quantity, starts, ends = 1, draft.agreed, None
    if method == "straight_line":
        starts = draft.agreed + DAY * draw.choice((0, 0, 0, draw.randrange(60)))
        whole = draft.chance(0.6)
        ends = months_on(starts, draw.choice((3, 6, 12, 12, 12, 18, 24))) - DAY
        ends = ends if whole else starts + DAY * draw.randrange(40, 700)
        quantity = draw.choice((1, 10, 25))
    elif method == "point_in_time":
        starts = draft.agreed + DAY * draw.choice((0, draw.randrange(120)))
        quantity = draw.choice((1, 3, 10))
    elif method == "units":
        quantity = draw.choice((10, 90, 100, 300))
        ends = months_on(starts, draw.choice((12, 18))) - DAY if draft.chance(0.5) else None
    elif method == "milestone":
        quantity = draw.choice((3, 4, 7))
    listed = pricing == "listed"
    ssp = None
    if listed:
        base = {"straight_line": 120, "point_in_time": 60, "units": 2, "percent_complete": 500, "milestone": 90}[method]
        amount = base * quantity * unit * draw.randrange(40, 170) // 100
    elif pricing == "own":
        ssp = amount if draft.chance(0.4) else max(1, amount * draw.randrange(70, 140) // 100)
    product = f"{draft.company.entity_id}-{method}-{'listed' if listed else 'own'}"
    return Promise(line_id, method, product, amount, quantity, starts, ends, ssp)


def shape(draft: Draft) -> list[Promise]:
    """The lines of the first version."""
    draw, name = draft.draw, draft.shape
    pricing = draw.choice(("none", "own", "own", "listed"))
    if name in ("service", "project", "pack", "goods"):
        method = {"service": "straight_line", "pack": "units", "goods": "point_in_time"}.get(name)
        return [promise(draft, "L1", method or draw.choice(("percent_complete", "milestone")), pricing)]
    if name == "residual":
        return residual(draft)
    methods = ["straight_line", *draw.choices(ANY, k=draw.randrange(1, 4))]
    ids = draw.sample(("L1", "L2", "L3", "L10", "A", "B"), len(methods))
    lines = [promise(draft, line_id, method, pricing) for line_id, method in zip(ids, methods, strict=True)]
    if name == "discount":
        lines.append(discount(draft, lines))
    elif len(lines) > 1 and draft.chance(0.15):
        free = draw.randrange(len(lines))
        lines[free] = replace(lines[free], amount=0, ssp=lines[free].ssp if pricing == "own" else None)
    return lines


ANY = ("straight_line", "straight_line", "point_in_time", "units", "percent_complete", "milestone")


def discount(draft: Draft, lines: list[Promise]) -> Promise:
    """A reduction of all lines, or of some of them (606-10-32-37)."""
    total = sum(line.amount for line in lines)
    scope = None
    if len(lines) > 2 and draft.chance(0.6):
        chosen = draft.draw.sample(lines, 2)
        total, scope = sum(line.amount for line in chosen), "|".join(line.line_id for line in chosen)
    amount = max(1, total * draft.draw.randrange(1, 40) // 100)
    product = f"{draft.company.entity_id}-point_in_time-own"
    return Promise("discount", "point_in_time", product, -amount, 1, None, None, scope=scope)


def residual(draft: Draft) -> list[Promise]:
    """Two priced lines and one whose price is what they leave; sometimes that is nothing, or out of its range."""
    draw, unit = draft.draw, 10**draft.company.digits
    lines = [promise(draft, f"L{n}", draw.choice(("straight_line", "point_in_time")), "own") for n in (1, 2)]
    lines = [replace(line, amount=draw.randrange(50, 500) * unit) for line in lines]
    lines = [replace(line, ssp=line.amount * draw.randrange(80, 130) // 100) for line in lines]
    product = f"{draft.company.entity_id}-residual"
    return [*lines, Promise("L3", "point_in_time", product, draw.randrange(50, 1_000) * unit, 1, draft.agreed, None)]
