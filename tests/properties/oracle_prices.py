"""The elections of an entity, its standalone selling prices, and what an estimate counts. Part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from oracle_rows import DIGITS, Row, Tables, Terms, day, known, number, text
from oracle_spread import DAY, half_away, measure, month_of

DEFAULTS = {
    "straight_line": "daily",
    "straight_line_days": "even",
    "ssp_in_range": "contract_price",
    "ssp_outside_range": "midpoint",
    "modification": "derived",
    "progress_rounding": "none",
    "breakage": "proportional",
    "usage_timing": "on_use",
}


class Book:
    """The elections of an entity and its standalone selling prices."""

    def __init__(self, tables: Tables, contract: Row) -> None:
        entity = text(contract, "entity_id")
        self.currency = text(contract, "currency")
        rows = [row for row in known("policies", tables.get("policies", [])) if text(row, "entity_id") in (entity, "*")]
        general = {text(r, "policy"): text(r, "value") for r in rows if text(r, "entity_id") == "*"}
        self.policies = {**DEFAULTS, **general} | {
            text(r, "policy"): text(r, "value") for r in rows if text(r, "entity_id") == entity
        }
        self.customer = next(
            row for row in known("customers", tables["customers"]) if row["customer_id"] == contract["customer_id"]
        )
        self.products = {row["product_id"]: row for row in known("products", tables["products"])}
        self.prices: dict[str, list[Row]] = defaultdict(list)
        for row in tables.get("standalone_selling_prices", []):
            self.prices[row["product_id"]].append(row)
        self.scale = 10 ** DIGITS.get(self.currency, 2)

    def policy(self, name: str) -> str:
        return self.policies[name]

    def row(self, terms: Terms, on: date) -> Row | None:
        """The most specific price in force on a day: region before segment before term."""
        months = None
        if terms.starts and terms.ends:
            months = month_of(terms.ends + DAY) - month_of(terms.starts)
        found = []
        for row in self.prices[terms.product_id]:
            wanted = (
                ("region", text(self.customer, "region")),
                ("segment", text(self.customer, "segment")),
                ("term_months", str(months)),
            )
            until = day(row, "valid_to")
            if text(row, "currency") != self.currency or day(row, "valid_from") > on or (until and until < on):
                continue
            if all(text(row, column) in ("", value) for column, value in wanted):
                found.append(([bool(text(row, column)) for column, _ in wanted], text(row, "valid_from"), row))
        return max(found, key=lambda item: item[:2])[2] if found else None

    def times(self, terms: Terms, row: Row) -> Fraction:
        """How many units of the price list a line holds."""
        unit = text(row, "unit") or "each"
        if unit == "each" or not (terms.starts and terms.ends):
            return terms.quantity
        months = measure("monthly_prorated_ends", terms.starts, terms.ends)
        return terms.quantity * (months if unit == "month" else months / 12)

    def ssp(self, terms: Terms, on: date) -> tuple[Fraction, Row | None]:
        """The standalone price of a whole line, in minor units, and the residual row if its method is the residual."""
        if terms.ssp is not None:
            return terms.ssp, None
        row = self.row(terms, on)
        if row is None:
            return Fraction(terms.amount), None
        times = self.times(terms, row) * self.scale
        if text(row, "method") == "residual":
            return number(row, "price") * times, row
        low, high = number(row, "low"), number(row, "high")
        if low is None or high is None:
            return number(row, "price") * times, None
        middle = (low + high) / 2 * times
        if low * times <= terms.amount <= high * times:
            inside = self.policy("ssp_in_range") == "contract_price"
            return (Fraction(terms.amount) if inside else middle), None
        if self.policy("ssp_outside_range") == "nearest":
            return (low if terms.amount < low * times else high) * times, None
        return middle, None

    def in_range(self, terms: Terms, row: Row, price: Fraction) -> bool:
        """Whether a price lies in the range a row observed; no range holds every price."""
        low, high, times = number(row, "low"), number(row, "high"), self.times(terms, row) * self.scale
        return (low is None or low * times <= price) and (high is None or price <= high * times)


def estimate(rows: list[Row], scale: int) -> int:
    """What one estimate says, after the constraint."""
    limit = next((number(row, "constrained_to") for row in rows if text(row, "constrained_to")), None)
    if limit is not None:
        return half_away(limit * scale)
    method = text(rows[0], "method")
    if method == "expected_value":
        value = sum((number(row, "amount") * number(row, "probability") for row in rows), Fraction(0))
    elif method == "most_likely":
        value = number(max(rows, key=lambda row: number(row, "probability")), "amount")
    else:
        value = number(rows[-1], "amount")
    return half_away(value * scale)
