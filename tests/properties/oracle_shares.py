"""What every line of a group of contracts is given, and what of it is earned through a day. Part of the oracle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from oracle_facts import Facts
from oracle_lines import Line, Ruler, Setting
from oracle_rows import Component, Key, OutOfReach, Terms, Version
from oracle_spread import daily, half_away, largest_remainder, spread

FIRST = date.min
LAST = date.max


@dataclass
class Node:
    """One allocation: the lines that share a price, what each weighs, and the allocation that took its place."""

    weights: dict[Key, Fraction]
    closed: set[Key] = field(default_factory=set)  # satisfied when the next one took over
    next: Node | None = None

    @property
    def last(self) -> Node:
        return self.next.last if self.next else self


def split(amount: Fraction, keys: list[Key], weights: dict[Key, Fraction]) -> dict[Key, Fraction]:
    """Exact shares by weight. One line without weight takes everything; several are an error."""
    whole = sum((weights.get(key, Fraction(0)) for key in keys), Fraction(0))
    if not whole:
        if len(keys) > 1 and amount:
            raise OutOfReach("all weights are zero")
        return dict.fromkeys(keys, Fraction(amount))
    return {key: amount * weights.get(key, Fraction(0)) / whole for key in keys}


class Shares:
    """The lines of one combination group, what they weigh and what they are given."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.ruler = Ruler(facts)
        self.lines: dict[Key, Line] = {}
        self.terms: dict[Key, Terms] = {}
        self.discounts: dict[Key, Terms] = {}
        self.nodes: list[Node] = []
        self.origins: dict[tuple[str, int], Node] = {}
        self.at_start: dict[tuple[str, int, str], int] = {}
        self.at_end: dict[tuple[str, int, str], int] = {}
        self.current: dict[str, Version] = {}

    # weights

    def _price(self, terms: Terms, on: date) -> Fraction:
        if terms.key in self._exclusive():
            return Fraction(0)
        price, residual = self.facts.book.ssp(terms, on)
        if residual is not None and terms.key in self.residuals:
            return self.residuals[terms.key]
        return price

    def _exclusive(self) -> set[Key]:
        return {(c.contract_id, line) for c in self.facts.components if c.exclusive for line in c.scope}

    def _weights(self, agreed: dict[str, date], on: date) -> dict[Key, Fraction]:
        """Standalone prices at inception; a residual is what the observable prices leave (606-10-32-34(c))."""
        self.residuals: dict[Key, Fraction] = {}
        self._count_discounts()
        residual = []
        for key in self._in_order(self.terms):
            if key not in self._exclusive() and self.facts.book.ssp(self.terms[key], agreed[key[0]])[1] is not None:
                residual.append(key)
        weights = {key: self._price(self.terms[key], agreed[key[0]]) for key in self._in_order(self.terms)}
        if not residual:
            return weights
        price = self._unscoped()
        price += sum(c.on(on) for c in self.facts.components if c.is_main and not c.scope and c.origin == 1)
        left = price - sum((w for key, w in weights.items() if key not in residual), Fraction(0))
        rows = {key: self.facts.book.ssp(self.terms[key], agreed[key[0]])[1] for key in residual}
        shares = {key: Fraction((rows[key].get("residual_weight") or "").strip() or 0) for key in residual}
        if not all(shares.values()):
            shares = {key: Fraction(self.terms[key].amount) for key in residual}
        found = split(left, residual, shares)
        if left > 0 and all(self.facts.book.in_range(self.terms[key], rows[key], found[key]) for key in residual):
            self.residuals = found
        return weights | self.residuals

    def _unscoped(self) -> int:
        """The fixed price that all lines share."""
        reductions = sum(t.amount for t in self.discounts.values() if not self._scope(t))
        return sum(t.amount for t in self.terms.values()) + reductions

    def _scope(self, discount: Terms) -> list[Key]:
        """The lines a discount belongs to; none means all of them."""
        if discount.scope in ("", "all"):
            return []
        return [(discount.key[0], line) for line in discount.scope.split("|")]

    def _sharing(self, weights: dict[Key, Fraction]) -> list[Key]:
        return self._in_order(weights)

    def _in_order(self, keys: Iterable[Key]) -> list[Key]:
        return sorted(keys, key=lambda key: (key[0], len(key[1]), key[1]))

    def _origin(self, component: Component) -> Node:
        """The allocation in force when the component was agreed."""
        known = [n for contract, n in self.origins if contract == component.contract_id and n <= component.origin]
        return self.origins[
            component.contract_id, max(known or [min(n for c, n in self.origins if c == component.contract_id)])
        ]

    # results

    def _settle(self, keys: list[Key], on: date) -> None:
        """Round what every line of an allocation has in all, once, and schedule it from a day on."""
        keys = self._in_order(keys)
        for key, total in zip(keys, largest_remainder([self.lines[key].exact for key in keys]), strict=True):
            line = self.lines[key]
            line.total = total
            line.settings.append(
                (max(on, line.since), Setting(key, line.base, total - line.base, line.start, line.terms))
            )

    def recognized(self, key: Key, day: date) -> int:
        """What a line has earned of what is earned as the line is, through a day."""
        line = self.lines[key]
        if line.signed is None or day < line.signed:
            return 0
        setting = line.setting(day)
        return setting.base + self.ruler.earned(setting, day) if setting else 0

    def streams(self, key: Key, day: date) -> int:
        """What a line has earned of the parts of the price that follow a rule of their own, through a day."""
        line, total = self.lines[key], 0
        if line.signed is None or day < line.signed:
            return 0
        for component in self._extras():
            amount = self.share_of(component, key, day)
            if amount and component.kind == "royalty":
                total += amount if day >= self.ruler.begins(line.terms) else 0
            elif amount and component.kind == "past_concession":
                total += amount
            elif amount:
                starts, ends = component.starts or line.terms.starts, component.ends or line.terms.ends
                rules = self.facts.policy("straight_line"), self.facts.policy("straight_line_days")
                total += spread(amount, *rules, starts, ends, day)
        return total + half_away(
            sum((amount for used, amount in self.facts.usage.get(key, []) if used <= day), Fraction(0))
        )

    def _extras(self) -> list[Component]:
        return [c for c in self.facts.components if not c.is_main]

    def share_of(self, component: Component, key: Key, day: date) -> int:
        """A line's share of a component that follows a rule of its own."""
        amount = component.on(day)
        if not amount:
            return 0
        weights = self._origin(component).weights
        keys = self._in_order([(component.contract_id, line) for line in component.scope] or weights)
        if key not in keys:
            return 0
        shares = split(Fraction(amount), keys, weights)
        return largest_remainder([shares[k] for k in keys])[keys.index(key)]

    def through(self, key: Key, day: date) -> int:
        return self.recognized(key, day) + self.streams(key, day)

    def daily(self, key: Key) -> dict[date, int]:
        """Revenue of each day on which there is any."""
        first, last = self.ruler.horizon(self.lines[key])
        return daily(lambda day: self.through(key, day), first, last)

    def _snapshot(self, into: dict[tuple[str, int, str], int], contract_id: str, number: int, day: date) -> None:
        for terms in self.current[contract_id].lines:
            if not terms.is_discount:
                extra = [self.share_of(c, terms.key, day) for c in self._extras() if c.origin <= number]
                into[contract_id, number, terms.key[1]] = self.lines[terms.key].total + sum(extra)

    def refund_liability(self, contract_id: str, day: date) -> int:
        """Rebates and refund rights on what was billed, less what credit notes have settled."""
        stated = [v for v in self.facts.versions if v.contract_id == contract_id]
        terms = ([v for v in stated if v.on <= day] or stated[:1])[-1].lines
        fixed = sum(t.amount for t in terms)
        scale = self.facts.scale
        billed = (
            sum((amount for on, amount in self.facts.billed.get(contract_id, []) if on <= day), Fraction(0)) * scale
        )
        owed = Fraction(0)
        for component in self.facts.components:
            if component.contract_id != contract_id or component.kind not in ("rebate", "refund_right"):
                continue
            if component.starts:
                owed -= component.on(day) if day >= component.starts else 0
            elif fixed:
                owed -= component.on(day) * min(Fraction(1), billed / fixed)
        owed -= (
            sum((amount for on, amount in self.facts.settled.get(contract_id, []) if on <= day), Fraction(0)) * scale
        )
        return max(0, half_away(owed))
