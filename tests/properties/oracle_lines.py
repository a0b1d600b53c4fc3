"""How far a line is, and what it has earned by then. Part of the oracle."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from oracle_facts import Facts
from oracle_rows import Key, Row, Terms, day
from oracle_spread import CONVENTIONS, DAY, half_away, measure, month_weights, months_of, spread

STEPS = ("units", "percent_complete", "milestone")


@dataclass(frozen=True)
class Setting:
    """How a line is recognised: what it had before its segment, and what the segment earns from its start on."""

    key: Key
    base: int
    amount: int
    start: date
    terms: Terms


@dataclass
class Line:
    """What a line is given: earned before the present segment, a share of the pool, and what belongs to it alone."""

    terms: Terms
    start: date
    contract: Row
    since: date = date.min
    base: int = 0
    free: Fraction = Fraction(0)
    bound: dict[str, Fraction] = field(default_factory=dict)
    total: int = 0
    settings: list[tuple[date, Setting]] = field(default_factory=list)

    @property
    def exact(self) -> Fraction:
        return self.base + self.free + sum(self.bound.values(), Fraction(0))

    @property
    def signed(self) -> date | None:
        return day(self.contract, "signed_on")

    def setting(self, on: date) -> Setting | None:
        """The last setting made by a day."""
        return next((setting for made, setting in reversed(self.settings) if made <= on), None)


class Ruler:
    """Measures lines with the progress and the elections of their contracts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.first_agreed: dict[str, date] = {}
        self.convention = facts.policy("straight_line")
        self.days_rule = facts.policy("straight_line_days")
        assert self.convention in CONVENTIONS

    def delivers(self, terms: Terms) -> date:
        """The day a line is delivered where no progress says otherwise."""
        return terms.starts or self.first_agreed[terms.key[0]]

    def delivered(self, terms: Terms) -> date | None:
        """The day a point-in-time line is satisfied."""
        rows = self.facts.progress.get(terms.key)
        if not rows:
            return self.delivers(terms)
        return next((on for on, done, expected, _ in rows if done >= (expected or terms.quantity)), None)

    def begins(self, terms: Terms) -> date:
        """The first day a line is satisfied or begins to be."""
        if terms.method == "point_in_time":
            return self.delivered(terms) or date.max
        return self.delivers(terms)

    def reached(self, terms: Terms, on: date) -> tuple[Fraction, Fraction, Fraction]:
        """Measured progress after a day: done, out of how much, and materials at cost."""
        done, expected, at_cost = Fraction(0), None, Fraction(0)
        for measured, to_date, of, cost in self.facts.progress.get(terms.key, []):
            if measured <= on:
                done, expected, at_cost = to_date, of, cost
        if terms.method == "units":
            counted = expected if self.facts.policy("breakage") == "proportional" else None
            return done, terms.quantity if counted is None else counted, at_cost
        if terms.method == "milestone":
            return done / (terms.quantity if expected is None else expected), Fraction(1), at_cost
        part = done / (Fraction(100) if expected is None else expected)
        step = self.facts.policy("progress_rounding")
        if step != "none":
            part = half_away(part / Fraction(step)) * Fraction(step)
        return min(part, Fraction(1)), Fraction(1), at_cost

    def share(self, setting: Setting | None, on: date) -> Fraction:
        """How much of its segment a line has earned through a day, exactly."""
        if setting is None:
            return Fraction(0)
        terms, start = setting.terms, setting.start
        if terms.method == "point_in_time":
            delivered = self.delivered(terms)
            return Fraction(delivered is not None and delivered <= on)
        if terms.method in STEPS:
            if terms.method == "units" and terms.expires and terms.expires <= on:
                return Fraction(1)
            done, of, _ = self.reached(terms, on)
            before = self.before(terms, start)
            return Fraction(1) if of <= before else min(Fraction(1), (done - before) / (of - before))
        if terms.method == "usage":
            return Fraction(1)
        first = max(start, terms.starts)
        if terms.ends < first or on >= terms.ends:
            return Fraction(1)
        return Fraction(0) if on < first else self._served(first, terms.ends, on)

    def _served(self, first: date, last: date, on: date) -> Fraction:
        if not self.convention.startswith("monthly") or self.convention == "monthly_by_term":
            return measure(self.convention, first, on) / measure(self.convention, first, last)
        weights, count, through = (
            month_weights(self.convention, first, last),
            months_of(first, last),
            months_of(first, on),
        )
        done = sum(weights[month] * Fraction(through[month], count[month]) for month in through)
        return done / sum(weights.values())

    def before(self, terms: Terms, start: date) -> Fraction:
        """Measured progress when a segment began."""
        return self.reached(terms, start - DAY)[0] if start > date.min else Fraction(0)

    def earned(self, setting: Setting, on: date) -> int:
        """What a segment has earned through a day, rounded once."""
        terms, amount = setting.terms, setting.amount
        if terms.method == "straight_line":
            first = max(setting.start, terms.starts)
            if terms.ends < first:
                return amount
            return spread(amount, self.convention, self.days_rule, first, terms.ends, on)
        if terms.method == "percent_complete":
            spent = self.reached(terms, on)[2]
            if setting.start > date.min:
                spent -= self.reached(terms, setting.start - DAY)[2]
            return half_away((amount - spent) * self.share(setting, on) + spent)
        return half_away(amount * self.share(setting, on))

    def remaining(self, terms: Terms, start: date) -> Fraction:
        """The part of a line that is still to come at the start of a day."""
        if start == date.min:
            return Fraction(1)
        if terms.method == "point_in_time":
            delivered = self.delivered(terms)
            return Fraction(delivered is None or delivered >= start)
        if terms.method in STEPS:
            if terms.method == "units" and terms.expires and terms.expires < start:
                return Fraction(0)
            whole = terms.quantity if terms.method == "units" else Fraction(1)
            return max(Fraction(0), 1 - self.before(terms, start) / whole)
        if terms.method == "usage" or terms.ends < start:
            return Fraction(0)
        rest = measure(self.convention, max(start, terms.starts), terms.ends)
        return rest / measure(self.convention, terms.starts, terms.ends)

    def horizon(self, line: Line) -> tuple[date, date]:
        """The days on which a line can earn anything."""
        marks = [line.signed] if line.signed else []
        for made, setting in line.settings:
            terms = setting.terms
            marks += [mark for mark in (terms.starts, terms.ends, terms.expires) if mark]
            marks += [made] if made > date.min else []
            marks.append(self.delivers(terms))
        marks += [on for on, *_ in self.facts.progress.get(line.terms.key, [])]
        marks += [on for on, _ in self.facts.usage.get(line.terms.key, [])]
        for component in self.facts.components:
            marks += [on for on, _ in component.estimates]
            marks += [mark for mark in (component.starts, component.ends) if mark]
        return min(marks), max(marks) + DAY
