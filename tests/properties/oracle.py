"""An independent reading of the standard's steps 1 to 5: the canonical input tables in, revenue per day out.

Written from the rules in words alone, with exact fractions and loops over days, so that the pipeline has something
to be held against. Events count from the start of their day; within a day versions come first, then estimates, then
progress. `oracle_rows`, `oracle_prices` and `oracle_facts` read the tables, `oracle_lines` measures a line,
`oracle_spread` brings amounts to days, `oracle_shares` knows what each line is given; this module keeps the contract:
what happens when its terms or its price change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oracle_facts import Facts, Reader, groups
from oracle_lines import Line, Setting
from oracle_rows import Component, Key, OutOfReach, Tables, Terms, Version
from oracle_shares import FIRST, LAST, Node, Shares, split
from oracle_spread import DAY, half_away


@dataclass(frozen=True)
class Change:
    """What one version did, for the invariants."""

    contract_id: str
    version: int
    treatment: str
    on: date
    total: int  # the price after the change, of the lines it concerns
    recognized: dict[Key, int]  # through the day before
    exact: dict[Key, Fraction]
    rounded: dict[Key, int]


class Group(Shares):
    """The contracts of one combination group, from the first agreement to the last estimate."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.changes: list[Change] = []
        self._run()

    # events

    def _run(self) -> None:
        versions = {
            contract: [v for v in self.facts.versions if v.contract_id == contract] for contract in self.facts.contracts
        }
        if not all(versions.values()):
            raise OutOfReach("a contract without terms")
        opening = [found[0] for found in versions.values()]
        begins = min(version.on for version in opening)
        events: list[tuple[date, int, int, object]] = []
        for n, version in enumerate(v for v in self.facts.versions if v not in opening):
            events.append((version.on, 0, n, version))
        starts = {(v.contract_id, v.number): v.on for v in self.facts.versions}
        for n, component in enumerate(c for c in self.facts.components if c.is_main):
            since = max(begins, starts.get((component.contract_id, component.origin), begins))
            told: dict[date, int] = {}
            for made, amount in component.estimates:
                told[max(made, since)] = amount
            events.extend((made, 1, n, (component, amount)) for made, amount in told.items())
        self.counted: dict[str, int] = defaultdict(int)
        self._open(opening, begins)
        for on, _, _, event in sorted(events, key=lambda e: e[:3]):
            if isinstance(event, Version):
                self._change(event, on)
            else:
                self._estimate(*event, on)
        for contract_id, version in self.current.items():
            self._snapshot(self.at_end, contract_id, version.number, LAST)

    def _open(self, versions: list[Version], on: date) -> None:
        for version in versions:
            for terms in version.lines:
                (self.discounts if terms.is_discount else self.terms)[terms.key] = terms
        agreed = {version.contract_id: version.agreed for version in versions}
        self.ruler.first_agreed = agreed
        for key in self._in_order(self.terms):
            self.lines[key] = Line(self.terms[key], FIRST, self.facts.contracts[key[0]])
        weights = self._weights(agreed, on)
        node = Node(weights)
        self.nodes = [node]
        for version in versions:
            self.current[version.contract_id] = version
            self.origins[version.contract_id, version.number] = node
        for key, share in split(Fraction(self._unscoped()), self._sharing(weights), weights).items():
            self.lines[key].free += share
        for discount in self.discounts.values():
            if scope := self._scope(discount):
                for key, share in split(Fraction(discount.amount), scope, weights).items():
                    self.lines[key].bound[discount.key[1]] = share
        self._settle(list(self.lines), FIRST)
        self._record(versions[0], "inception", on, {})
        for version in versions:
            self._snapshot(self.at_start, version.contract_id, version.number, on)

    def _estimate(self, component: Component, amount: int, on: date) -> None:
        """A change of the price: the weights of its own allocation first, then those of every later one."""
        delta = amount - self.counted[component.component_id]
        self.counted[component.component_id] = amount
        if not delta:
            return
        scope = {(component.contract_id, line) for line in component.scope}
        node = self._origin(component)
        for key, share in self._fall(node, scope, Fraction(delta)).items():
            line = self.lines[key]
            if scope:
                line.bound[component.component_id] = line.bound.get(component.component_id, Fraction(0)) + share
            else:
                line.free += share
        self._settle(list(node.last.weights), on)

    def _fall(self, node: Node, scope: set[Key], amount: Fraction) -> dict[Key, Fraction]:
        keys = [key for key in self._sharing(node.weights) if key in scope] if scope else self._sharing(node.weights)
        shares = split(amount, keys or sorted(scope), node.weights)
        if node.next is None:
            return shares
        open_after = [key for key in node.next.weights if node.next.weights[key] and (not scope or key in scope)]
        if not open_after:
            return shares
        stay = {key: share for key, share in shares.items() if key in node.closed}
        carried = sum((share for key, share in shares.items() if key not in node.closed), Fraction(0))
        for key, share in self._fall(node.next, scope, carried).items():
            stay[key] = stay.get(key, Fraction(0)) + share
        return stay

    # changes of the terms

    def _change(self, version: Version, on: date) -> None:
        contract_id = version.contract_id
        self._snapshot(self.at_end, contract_id, self.current[contract_id].number, on - DAY)
        before = {key: terms for key, terms in self.terms.items() if key[0] == contract_id}
        discounts = {key: terms for key, terms in self.discounts.items() if key[0] == contract_id}
        after = {terms.key: terms for terms in version.lines if not terms.is_discount}
        stated = {terms.key: terms for terms in version.lines if terms.is_discount}
        recognized = {key: self.recognized(key, on - DAY) for key in self.lines}
        if self._is_no_modification(version, before, after, discounts == stated):
            self.terms |= after
            self.current[contract_id] = version
            self.origins[contract_id, version.number] = self.nodes[-1]
            self._snapshot(self.at_start, contract_id, version.number, on)
            return
        treatment, caught_up = self._treatment(version, before, after, discounts == stated)
        for key in before.keys() - after.keys():
            self._drop(key, recognized[key], on)
        self.terms = {k: t for k, t in self.terms.items() if k[0] != contract_id} | after
        self.discounts = {k: t for k, t in self.discounts.items() if k[0] != contract_id} | stated
        new = [key for key in self._in_order(after) if key not in before]
        for key in new:
            separate = treatment in ("separate_contract", "catch_up")
            self.lines[key] = Line(after[key], FIRST if separate else on, self.facts.contracts[contract_id], since=on)
        self.current[contract_id] = version
        if treatment == "separate_contract":
            self._separate(new, version, on)
        elif treatment == "pause":
            self._reschedule(before, after, recognized, on)
        elif treatment == "catch_up":
            self._catch_up(version, on)
        else:
            self._prospective(version, before, caught_up, recognized, on)
        self.origins[contract_id, version.number] = self.nodes[-1]
        self._record(version, treatment, on, recognized)
        self._snapshot(self.at_start, contract_id, version.number, on)

    def _is_no_modification(
        self, version: Version, before: dict[Key, Terms], after: dict[Key, Terms], same_discounts: bool
    ) -> bool:
        """Whether a version changes neither scope nor price (606-10-25-10)."""
        same_scope = before.keys() == after.keys() and all(before[key].same_as(after[key]) for key in before)
        new_price = any(
            component.contract_id == version.contract_id and component.origin == version.number
            for component in self.facts.components
        )
        return same_scope and same_discounts and not new_price and version.change != "termination"

    def _treatment(
        self, version: Version, before: dict[Key, Terms], after: dict[Key, Terms], same_discounts: bool
    ) -> tuple[str, set[Key]]:
        """Table 5.1, where neither the version nor the entity says."""
        stated = version.treatment or self.facts.policy("modification")
        kept = [key for key in before if key in after]
        new = [key for key in after if key not in before]
        same_price = not new and len(kept) == len(before) and all(before[k].amount == after[k].amount for k in kept)
        if version.change == "pause" and same_price and same_discounts and stated != "catch_up":
            return "pause", set()
        if stated != "derived":
            return stated, set()
        unchanged = same_discounts and len(kept) == len(before) and all(before[k].same_as(after[k]) for k in kept)
        if unchanged and new and all(self._at_its_price(after[key], version.agreed) for key in new):
            return "separate_contract", set()
        caught_up = {
            k
            for k in kept
            if after[k].method in ("percent_complete", "milestone") and before[k].amount != after[k].amount
        }
        if caught_up and len(self.terms) == 1 and len(after) == 1:
            return "catch_up", set()
        return "prospective", caught_up

    def _at_its_price(self, terms: Terms, on: date) -> bool:
        price, residual = self.facts.book.ssp(terms, on)
        return residual is None and half_away(price) == terms.amount

    def _separate(self, new: list[Key], version: Version, on: date) -> None:
        weights = {key: self._price(self.terms[key], version.agreed) for key in new}
        self.nodes.append(Node(weights))
        for key, share in split(Fraction(sum(self.terms[k].amount for k in new)), new, weights).items():
            self.lines[key].free = share
        self._settle(new, on)

    def _reschedule(
        self, before: dict[Key, Terms], after: dict[Key, Terms], recognized: dict[Key, int], on: date
    ) -> None:
        """Paused days earn nothing and what remains of each line is what it was."""
        for key, terms in after.items():
            if not before[key].same_as(terms):
                self._restart(self.lines[key], terms, recognized[key], on)
        for node in self.nodes:
            self._settle(list(node.weights), on)

    def _restart(self, line: Line, terms: Terms, recognized: int, on: date) -> None:
        """A new segment from a day on, for what the line has not earned."""
        exact = line.exact
        share = self.ruler.share(line.setting(on - DAY), on - DAY)
        line.bound = {name: amount * (1 - share) for name, amount in line.bound.items()}
        line.free = exact - recognized - sum(line.bound.values(), Fraction(0))
        line.base, line.start, line.terms = recognized, on, terms

    def _drop(self, key: Key, recognized: int, on: date) -> None:
        line = self.lines[key]
        line.base, line.free, line.bound = recognized, Fraction(0), {}
        line.settings.append((on, Setting(key, recognized, 0, line.start, line.terms)))

    def _catch_up(self, version: Version, on: date) -> None:
        """As if the change had been part of the contract from the start of its present segment."""
        if len(self.nodes) > 1:
            raise OutOfReach("a catch-up after a separate contract")
        weights = {key: Fraction(0) for key in self.lines}
        for key, terms in self.terms.items():
            line = self.lines[key]
            line.terms = terms
            weights[key] = self._price(terms, version.agreed) * self.ruler.remaining(terms, line.start)
        self.nodes[-1].weights = weights
        self._rescope(weights, weights)
        kept = sum((line.base + sum(line.bound.values(), Fraction(0)) for line in self.lines.values()), Fraction(0))
        for line in self.lines.values():
            line.free = Fraction(0)
        for key, share in split(self._total() - kept, self._sharing(weights), weights).items():
            self.lines[key].free = share
        self._settle(list(self.lines), on)

    def _prospective(
        self, version: Version, before: dict[Key, Terms], caught_up: set[Key], recognized: dict[Key, int], on: date
    ) -> None:
        """The contract ends and a new one begins with what is not recognised yet (606-10-25-13(a))."""
        others = [key for key in self.terms if key not in caught_up]
        moved = any(
            key not in before or not before[key].same_as(self.terms[key])
            for key in others
            if key[0] == version.contract_id
        )
        for key in caught_up:
            self.lines[key].free += self.terms[key].amount - before[key].amount
            self.lines[key].terms = self.terms[key]
        if caught_up and not moved and len(before) == sum(k[0] == version.contract_id for k in self.terms):
            self._settle(list(self.lines), on)
            return
        weights = {key: Fraction(0) for key in self.lines}
        for key, terms in self.terms.items():
            weights[key] = self._price(terms, version.agreed) * self.ruler.remaining(terms, on)
        node = Node(weights)
        for old in self.nodes:
            old.next = node
            old.closed = {k for k in old.weights if not self.ruler.remaining(self.lines[k].terms, on)}
        self.nodes = [node]
        for key in others:
            self._restart(self.lines[key], self.terms[key], recognized.get(key, 0), on)
        self._rescope(weights, weights)
        kept = Fraction(0)
        for key, line in self.lines.items():
            line.free = line.free if key in caught_up else Fraction(0)
            kept += line.exact
        pool = {key: weight for key, weight in weights.items() if key not in caught_up}
        for key, share in split(self._total() - kept, self._sharing(pool), pool).items():
            self.lines[key].free += share
        self._settle(list(self.lines), on)

    def _rescope(self, weights: dict[Key, Fraction], present: Iterable[Key]) -> None:
        """What a new version adds to a discount of named lines falls on them."""
        for discount in self.discounts.values():
            scope = self._scope(discount)
            was = self.counted.get(f"discount {discount.key}", None)
            if not scope or was is None or was == discount.amount:
                continue
            for key, share in split(
                Fraction(discount.amount - was), [k for k in scope if k in present], weights
            ).items():
                bound = self.lines[key].bound
                bound[discount.key[1]] = bound.get(discount.key[1], Fraction(0)) + share
        self._count_discounts()

    def _count_discounts(self) -> None:
        for discount in self.discounts.values():
            self.counted[f"discount {discount.key}"] = discount.amount

    def _total(self) -> int:
        """The price of everything that is earned as the lines are."""
        fixed = sum(t.amount for t in self.terms.values()) + sum(t.amount for t in self.discounts.values())
        return fixed + sum(self.counted[c.component_id] for c in self.facts.components if c.is_main)

    def _record(self, version: Version, treatment: str, on: date, recognized: dict[Key, int]) -> None:
        keys = list(self.nodes[-1].weights)
        lines = {key: self.lines[key] for key in keys}
        total = sum(line.total for line in lines.values())
        exact = {key: line.exact for key, line in lines.items()}
        rounded = {key: line.total for key, line in lines.items()}
        self.changes.append(
            Change(
                version.contract_id,
                version.number,
                treatment,
                on,
                total,
                {k: recognized.get(k, 0) for k in keys},
                exact,
                rounded,
            )
        )


class Oracle:
    """Every contract of a folder of input tables."""

    def __init__(self, tables: Tables) -> None:
        self.groups: dict[str, Group] = {}
        self.out_of_reach: dict[str, str] = {}
        reader = Reader(tables)
        for members in groups(tables):
            try:
                group = Group(reader.facts(members))
            except OutOfReach as reason:
                self.out_of_reach |= {row["contract_id"]: str(reason) for row in members}
                continue
            self.groups |= {row["contract_id"]: group for row in members}

    def daily(self, contract_id: str) -> dict[str, dict[date, int]]:
        """Revenue by line and day, in minor units."""
        group = self.groups[contract_id]
        return {key[1]: group.daily(key) for key in group.lines if key[0] == contract_id}

    def months(self, contract_id: str) -> dict[str, dict[str, int]]:
        """Revenue by line and month; months without any are left out."""
        result: dict[str, dict[str, int]] = {}
        for line_id, found in self.daily(contract_id).items():
            months: dict[str, int] = defaultdict(int)
            for day, amount in found.items():
                months[f"{day:%Y-%m}"] += amount
            result[line_id] = {month: amount for month, amount in months.items() if amount}
        return result

    def allocations(self, contract_id: str, *, at_start: bool = False) -> dict[tuple[int, str], int]:
        """What each line of each version is given in all, by the last estimate before the next version or the first."""
        group = self.groups[contract_id]
        found = group.at_start if at_start else group.at_end
        return {
            (version, line): amount for (contract, version, line), amount in found.items() if contract == contract_id
        }

    def refund_liability(self, contract_id: str, day: date) -> int:
        return self.groups[contract_id].refund_liability(contract_id, day)
