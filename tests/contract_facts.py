"""Facts for fold_contract in the words of the tests, and its result read back as revenue by line and month."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from typing import Any

from fold_contract import EPOCH, cumulative, fold_contract

DATES = ("from_day", "to_day", "satisfied_day", "expires_day", "not_before_day")


def day(text: str | None) -> int | None:
    """'2025-01-31' as days since 1970-01-01."""
    return None if text is None else datetime.date.fromisoformat(text).toordinal() - EPOCH


def month(number: int) -> str:
    return datetime.date.fromordinal(number + EPOCH).isoformat()[:7]


def line(key: int, amount: int, starts: str | None = None, ends: str | None = None, **terms: Any) -> list[Any]:
    """A line of a version: key is also its order and its obligation."""
    method = terms.get("method", "straight_line" if ends else "point_in_time")
    return [
        *(0, key, terms.get("seq", key), terms.get("contract", 1), terms.get("obligation", 1000 * key), method, amount),
        *(round(terms.get("quantity", 1) * 10**6), terms.get("ssp", amount), day(starts), day(ends)),
        *(day(terms.get("satisfied", starts)), day(terms.get("expires")), day(terms.get("not_before"))),
        *(terms.get("residual"), terms.get("fallback"), terms.get("low"), terms.get("high"), terms.get("exercises")),
        *(terms.get("discount", False), terms.get("refundable_after")),
        terms.get("other_product", 0),
    ]


def contract(*versions: tuple[str, list[list[Any]]], treatments: tuple[str | None, ...] = (), **facts: Any) -> dict:
    """Facts of a contract with versions [(effective day, lines)]."""
    rows, heads = [], []
    for number, (effective, lines) in enumerate(versions, 1):
        treatment = treatments[number - 2] if 2 <= number < len(treatments) + 2 else None
        heads.append([number, day(effective), day(effective), treatment, 1, facts.get("change", "other")])
        rows += [[number, *each[1:]] for each in lines]
    facts.pop("change", None)
    policy = {
        "convention": "daily",
        "days_rule": "even",
        "modification": "derived",
        "progress_rounding": "none",
        "breakage": "proportional",
        "material_right_exercise": "continuation",
        "financing_expedient": True,
        "book": "ASC606",
        **facts.pop("policy", {}),
    }
    empty = ("scopes", "progress", "components", "estimates", "billed", "due", "payments", "credits")
    for name in ("billed", "due", "payments", "credits"):
        facts[name] = [[*row, *("", None)[len(row) - 2 :]] for row in facts.get(name, [])]
    return {"policy": policy, "versions": heads, "lines": rows, **{name: [] for name in empty}, **facts}


def progress(key: int, on: str, to_date: float, expected: float | None = None, at_cost: int = 0) -> list[Any]:
    return [key, day(on), round(to_date * 10**6), None if expected is None else round(expected * 10**6), at_cost]


def component(number: int, kind: str = "variable", **terms: Any) -> list[Any]:
    period = day(terms.get("starts")), day(terms.get("ends"))
    return [number, kind, terms.get("origin", 1), *period, terms.get("exclusive", False), 1, terms.get("rate")]


def fold(facts: dict) -> dict[str, Any]:
    return json.loads(fold_contract(json.dumps(facts)))


def revenue(facts: dict) -> dict[tuple[int, str], int]:
    """(line, month) -> recognised, in minor units."""
    told = fold(facts)
    shares: dict[int, list[list[int]]] = defaultdict(list)
    for key, line_key, _, whole, upto, before in told["shares"]:
        shares[key].append([line_key, whole, upto, before])
    found: dict[tuple[int, str], int] = defaultdict(int)
    for key, on, amount, _ in told["days"]:
        found[shares[key][0][0], month(on)] += amount
    for key, from_day, to_day, starts, ends, amount, convention, days_rule, held, _ in told["slices"]:
        for on in range(max(from_day, held or from_day), to_day + 1):
            terms = convention, days_rule, starts, ends
            first = on == max(from_day, held or from_day)
            before = cumulative(amount, *terms, from_day - 1 if first else on - 1, None if first else held)
            if first and from_day == starts:
                before = 0
            now = cumulative(amount, *terms, on, held)
            for line_key, whole, upto, start in shares[key]:
                part = share(now, upto, whole) - share(now, start, whole) - share(before, upto, whole)
                found[line_key, month(on)] += part + share(before, start, whole)
    return {key: amount for key, amount in found.items() if amount}


def share(amount: int, part: int, whole: int) -> int:
    product = amount * part * (1 if whole > 0 else -1)
    half_up = (2 * abs(product) + abs(whole)) // (2 * abs(whole))
    return half_up if product >= 0 else -half_up


def totals(facts: dict) -> dict[int, int]:
    """Line -> recognised in all."""
    found: dict[int, int] = defaultdict(int)
    for (key, _), amount in revenue(facts).items():
        found[key] += amount
    return dict(found)
