"""Variable consideration of a random contract and the history of its estimates. Part of `contracts_at_random`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from at_random_shapes import Promise, months_on

if TYPE_CHECKING:
    from at_random_history import History

DAY = timedelta(days=1)
SHARED = ("variable", "variable", "rebate", "refund_right", "penalty", "payable_to_customer", "noncash")
TAKEN = {"rebate", "refund_right", "penalty", "payable_to_customer"}


def components(history: History, simple: bool) -> None:
    """Up to two parts of the price that are not fixed."""
    draw, draft = history.draw, history.draft
    lines = [line for line in draft.promises if line.amount >= 0]
    if sum(line.amount for line in lines) < 1_000:
        return
    if draft.chance(0.3 if simple else 0.5):
        _shared(history, lines, draw.choice(SHARED))
    if simple and draft.chance(0.3):
        _own(history, draw.choice(lines))
    elif simple and draft.chance(0.15):
        _exclusive(history)
    if draft.chance(0.12):
        _concession(history, lines[0])


def _component(history: History, kind: str, lines: str | None = None, **more: object) -> str:
    draft = history.draft
    history.kinds.add(kind)
    component_id = f"{draft.contract_id}-{kind}-{len(draft.rows['price_components'])}"
    row = {"contract_id": draft.contract_id, "component_id": component_id, "kind": kind, "origin_version": None}
    row |= {"lines": lines, "period_starts_on": None, "period_ends_on": None, "exclusive": None}
    draft.rows["price_components"].append(row | more)
    return component_id


def _shared(history: History, lines: list[Promise], kind: str) -> None:
    """A part of the price for all lines, estimated anew now and then."""
    draft, draw = history.draft, history.draw
    fixed = sum(line.amount for line in draft.promises)
    component_id, on = _component(history, kind), draft.agreed
    for _ in range(draw.randrange(1, 4)):
        amount = fixed * draw.randrange(0, 30) // 100
        _estimate(history, component_id, on, -amount if kind in TAKEN else amount)
        on += DAY * draw.randrange(1, 300 if history.version > 1 else 150)
        if history.on > on and draft.chance(0.2):
            on = history.on  # the day of the last change of the terms


def _own(history: History, line: Promise) -> None:
    """A part of the price for one line: for all of it, for a month of it, or a royalty of its sales."""
    draft, draw = history.draft, history.draw
    amount = max(1, line.amount * draw.randrange(1, 30) // 100)
    month = months_on(line.starts.replace(day=1), 1) if line.starts else None
    whole = line.method == "straight_line" and months_on(month, 1) <= line.ends
    if whole and draft.company.convention in ("daily", "monthly_prorated_ends") and draft.chance(0.5):
        ends = months_on(month, 1) - DAY
        kind = draw.choice(("rebate", "variable"))
        amount = -amount if kind == "rebate" else amount
        period = {"period_starts_on": month, "period_ends_on": ends}
        _estimate(history, _component(history, kind, line.line_id, **period), ends, amount)
    elif line.method in ("straight_line", "point_in_time") and draft.chance(0.4):
        component_id, on = _component(history, "royalty", line.line_id), draft.agreed
        for _ in range(draw.randrange(1, 3)):
            on += DAY * draw.randrange(0, 120)
            _estimate(history, component_id, on, amount)
            amount += draw.randrange(1, 5_000)
    else:
        component_id, on = _component(history, "variable", line.line_id), draft.agreed
        for _ in range(draw.randrange(1, 3)):
            _estimate(history, component_id, on, amount * draw.randrange(-30, 100) // 100)
            on += DAY * draw.randrange(1, 200)


def _exclusive(history: History) -> None:
    """A line whose whole price is a part of its own (606-10-32-40)."""
    draft = history.draft
    free = [line for line in draft.promises if line.amount == 0]
    if not free or len(draft.promises) < 2 or free[0].scope:
        return
    component_id = _component(history, "variable", free[0].line_id, exclusive="true")
    _estimate(history, component_id, draft.agreed, history.draw.randrange(1, 90_000))


def _concession(history: History, line: Promise) -> None:
    """A credit for past service, on the day of a change of the terms or on a day of its own."""
    draft = history.draft
    versions = draft.rows["contract_versions"]
    version = [row for row in versions if not row["voided_on"]][-1]
    on: date = version["effective_on"]
    if version["version"] == 1:
        on += DAY * history.draw.randrange(1, 100)
    component_id = _component(history, "past_concession", line.line_id, origin_version=version["version"])
    _estimate(history, component_id, on, -max(1, line.amount * history.draw.randrange(1, 10) // 100))


def _estimate(history: History, component_id: str, on: date, amount: int) -> None:
    """Stated, expected or most likely, sometimes held back by the constraint."""
    draft, draw = history.draft, history.draw
    row: dict[str, object] = {"component_id": component_id, "estimated_on": on, "method": "stated", "scenario": None}
    row |= {"amount": draft.money(amount), "probability": None, "constrained_to": None}
    row["recorded_at"] = f"{on + DAY * 40}T08:00:00Z" if draft.chance(0.1) else None
    method = draw.choice(("stated", "stated", "stated", "expected_value", "most_likely"))
    if method == "stated":
        if amount > 0 and draft.chance(0.2):
            row["constrained_to"] = draft.money(amount // 2)
        draft.rows["price_estimates"].append(row)
        return
    limit = draft.money(amount // 3) if draft.chance(0.2) and amount > 0 else None
    for scenario, share, odds in (("low", 1, "0.25"), ("middle", 2, "0.40"), ("high", 3, "0.35")):
        told = {"scenario": scenario, "amount": draft.money(amount * share // 2), "probability": odds}
        draft.rows["price_estimates"].append(row | told | {"method": method, "constrained_to": limit})
