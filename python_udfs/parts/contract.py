"""The state of a contract between two events: versions change its terms, estimates its price, progress what is earned.

Lines of contracts that are combined (606-10-25-9) are one contract here.
"""

from fractions import Fraction

from python_udfs.parts.discounts import Discounts
from python_udfs.parts.price import Basis, Component, component_shares, inception_weights, named_shares, rounded_shares
from python_udfs.parts.schedule import known
from python_udfs.parts.terms import NOT_DISTINCT, PRICED_BY_USE, Line, Obligation, by_weight

TREATMENTS = {"separate_contract", "prospective", "catch_up", "derived"}


class Contract(Discounts):
    """The state between two events, and what has been written down so far."""

    def __init__(self, facts):
        policy = {**facts["policy"], "progress_step": None}
        step = policy.get("progress_rounding") or "none"
        if step != "none":
            policy["progress_step"] = Fraction(step)
        super().__init__(policy)
        for owner, key, *version in facts["scopes"]:
            if not version:
                self.scopes.setdefault(owner, set()).add(key)
        self.components = {}
        self.bases = []
        self.prices, self.promises, self.movements = [], [], []
        self.by_use = {}  # line key -> line priced by its use, as the latest version states it
        for row in sorted(facts["lines"], key=lambda row: int(row[0])):
            if row[5] in PRICED_BY_USE and not row[19]:
                self.by_use[int(row[1])] = Line(row)
        for row in facts["components"]:
            component = Component(row, self.scopes.get(int(row[0]), set()))
            self.components[component.number] = component

    # Versions

    def adopt(self, rows, contract):
        """Take over the terms of a version of one contract; returns the keys of lines it adds."""
        added = []
        stated = {int(row[1]) for row in rows}
        for row in rows:
            key = int(row[1])
            if key in self.lines:
                self.lines[key].agree(row)
            else:
                line = self.lines[key] = Line(row)
                obligation = self.obligations.setdefault(
                    line.obligation_key, Obligation(line.obligation_key, self.policy)
                )
                obligation.lines.append(line)
                obligation.lines.sort(key=lambda each: each.seq)
                added.append(key)
        for line in self.lines.values():
            if line.contract == contract and line.key not in stated:
                line.is_promised = False
        return added

    def obligation(self, line):
        return self.obligations[line.obligation_key]

    def inception(self, contracts, extra):
        """Price what the first versions promise; `extra` is estimated consideration that belongs to no line."""
        for contract, (rows, discounts) in contracts.items():
            self.adopt(rows, contract)
            self.take(contract, discounts)
        self.price_anew([line for line in self.lines.values() if not self.is_exclusive(line)], self.discounts, 1, extra)

    def is_exclusive(self, line):
        """Whether a line gets nothing but a component that names it."""
        return any(component.is_exclusive and line.key in component.scope for component in self.components.values())

    def price_anew(self, lines, discounts, event, extra=0):
        discounts = [discount[:2] for discount in discounts]
        named = named_shares(lines, self.scopes, discounts)
        prices, weights, residual = inception_weights(lines, named, discounts, extra)
        for key, shares in named.items():
            self.named_discount(key).add(shares)
        for line in lines:
            line.price = prices[line.key]
        self.bases.append(Basis(event, weights, (), residual))

    def change(self, day, event, contract, stated, treatment, kind):
        """Apply a version after the first: a separate contract, prospectively, with a catch-up, or a mix of them.

        One that changes neither price nor scope is no modification (606-10-25-10) and has no treatment of its own.
        """
        rows, discounts = stated
        mine = [line for line in self.lines.values() if line.contract == contract]
        before = {line.key: line.amount if line.is_promised else 0 for line in mine}
        quantities = {line.key: line.quantity for line in mine}
        terms = {int(row[1]): row for row in rows}
        promised = [line for line in mine if line.is_promised]
        changed = {line.key for line in promised if line.key not in terms or not line.same_terms(terms[line.key])}
        reduced = self.discount_changes(contract, discounts)
        new_price = reduced or any(component.origin == event for component in self.components.values())
        is_same = not changed and not new_price and terms.keys() == {line.key for line in promised}
        recognized = {key: self.obligation(line).recognized_before(line, day) for key, line in self.lines.items()}
        added = self.adopt(rows, contract)
        self.take(contract, discounts)
        if is_same and kind != "termination":
            return None
        change = {key: -amount for key, amount in before.items()}
        for key in terms:
            change[key] = change.get(key, 0) + self.lines[key].amount
        if kind == "pause" and not added and not reduced and not any(change.values()):
            for key in changed:  # what remains of each line is what it was (invariant 38)
                self.restart(self.obligation(self.lines[key]), day)
            return "prospective"
        used = self.rights_used(added)
        if used and self.is_continued(treatment):
            for right, bought in used.items():
                self.carry(day, event, right, bought, change, recognized)
            done = set(used).union(*used.values())
            added, changed, used = [key for key in added if key not in done], changed - done, {}
            if not added and not changed and not reduced:
                return "separate_contract"
        treatment = self.treatment(treatment or self.policy["modification"], added, changed, reduced, used)
        if treatment == "separate_contract":
            increases = {key: (change[key], self.lines[key].quantity - quantities[key]) for key in changed}
            self.separate(day, event, added, increases, reduced)
        elif treatment == "catch_up":
            self.catch_up(day, event, added, change, reduced)
        else:
            apart = {line.key for line in self.lines.values() if treatment == "mixed" and self.is_partly(line, added)}
            for key in apart:
                self.lines[key].price += change.get(key, 0)
            self.reduce_apart(apart, reduced)
            if reduced or not apart or (changed | set(added)) - apart:
                named = {line.key for key in reduced for line in self.named_of(key)}.difference(added)
                named |= {line_key for key in self.rescoped for line_key in self.named_discount(key).shares}
                parts = {self.lines[key].part for key in changed | named} or {0}
                parts |= {self.lines[key].part for key in used}
                scope = [line for line in self.lines.values() if line.key in added or line.part in parts]
                scope = [line for line in scope if line.key not in apart]
                self.prospective(day, event, scope, change, reduced, recognized, min(parts))
        if kind == "termination":
            self.end(day, changed or {line.key for line in promised})
        return treatment

    # Material rights

    def rights_used(self, added):
        """Right -> the new lines that use it; nothing of a right is still to come once it is used."""
        used = {}
        for key in added:
            right = self.lines.get(self.lines[key].exercises)
            if right is not None:
                right.is_used = True
                used.setdefault(right.key, []).append(key)
        return used

    def is_continued(self, stated):
        """Whether the use of a right continues the contract instead of modifying it."""
        continues = self.policy["material_right_exercise"] == "continuation"
        return stated == "separate_contract" or (continues and stated in (None, "derived"))

    def carry(self, day, event, key, bought, change, recognized):
        """What was deferred for a right is part of the price of what it buys, at whatever discount (606-10-55-42)."""
        right, weights = self.lines[key], {each: self.lines[each].ssp for each in bought}
        deferred = right.allocated - recognized.get(key, 0)
        price = deferred + change.pop(key, 0) + sum(change.pop(each) for each in bought)
        part = 1 + max(line.part for line in self.lines.values())
        for each, share in by_weight(price, weights).items():
            line = self.lines[each]
            line.part, line.price, line.held = part, share, max(day, line.held or day)
        self.restart(self.obligation(right), day)
        for component in self.components.values():
            if key in component.shares:
                component.move({key}, weights)
        right.allocated -= deferred
        right.price -= deferred
        self.bases.append(Basis(event, weights, {key}, is_use=True))

    # Treatments

    def treatment(self, stated, added, changed, reduced, used):
        """Table 5.1, where neither the version nor the policy says how a change is treated."""
        if known(stated, TREATMENTS, "treatment of a modification") != "derived":
            return stated
        new = [self.lines[key] for key in added]
        if used:
            return "prospective"
        if new and not changed and not reduced and all(line.amount == line.ssp for line in new):
            return "separate_contract"
        lines = [line for line in self.lines.values() if line.key in changed or (line.is_promised and not line.is_used)]
        partly = [line for line in lines if self.is_partly(line, added)]
        if not partly:
            return "prospective"
        return "catch_up" if len(partly) == len(lines) else "mixed"

    def is_partly(self, line, added):
        """Whether what remains of a line is not distinct from what was done: a project that is not complete."""
        return line.method in NOT_DISTINCT and line.key not in added and not self.obligation(line).is_complete

    def separate(self, day, event, added, increases, reduced):
        """What is added is distinct and at its standalone price: what there was stays as it was (606-10-25-12)."""
        part = 1 + max(line.part for line in self.lines.values())
        new = [self.lines[key] for key in added]
        for line in new:
            line.part = part
            line.held = max(day, line.held or day)
        for discount, amount in list(reduced.items()):
            named = {line.key: line.ssp for line in self.named_of(discount)}
            if named and not set(added).intersection(named):  # it reduces what there was, from now on
                for key, units in rounded_shares(by_weight(amount, named), self.lines, amount).items():
                    increase, quantity = increases.get(key, (0, 0))
                    increases[key] = increase + units, quantity
                del reduced[discount]
        if new:
            self.price_anew(new, list(reduced.items()), event)
        for key, (increase, quantity) in increases.items():
            line = self.lines[key]
            obligation = self.obligation(line)
            if not obligation.is_timed and not obligation.delivered:  # earned as it is measured
                line.price += increase
                obligation.added.append([key, quantity, increase, obligation.progress[0]])
                continue
            from_day = day if line.from_day is None else max(day, line.from_day)
            to_day = from_day if line.to_day is None else max(from_day, line.to_day)
            self.place(day, line, ("version", event), increase, from_day, to_day, None, "modification")

    def prospective(self, day, event, scope, change, reduced, recognized, part):
        """Terminate the old contract and begin a new one with what remains (606-10-25-13(a))."""
        shared = [line for line in scope if not line.is_reduction]
        pool = sum(line.price + change.get(line.key, 0) - recognized.get(line.key, 0) for line in shared)
        pool += sum(reduced.values())
        opened = {line.key for line in shared if line.allocated != recognized.get(line.key, 0)}
        left = {line.key: self.obligation(line).left(line, day) for line in shared}
        for obligation in {line.obligation_key: self.obligation(line) for line in scope}.values():
            self.restart(obligation, day)
        self.reduce_named(shared, reduced, left)
        kept = self.kept_apart(shared)
        weights = {line.key: line.ssp * left[line.key] for line in shared if not self.is_exclusive(line)}
        if not sum(weights.values()):  # nothing remains: what is kept is earned at once
            promised = {line.key: line.ssp for line in shared if line.is_promised and self.obligation(line).is_timed}
            weights = promised or {line.key: line.allocated for line in shared}
        weights = {key: weight for key, weight in weights.items() if weight} or weights
        shares = by_weight(pool - sum(kept.values()), weights)
        for component in self.components.values():  # what is earned of it stays, the rest is shared anew
            if component.shares:
                free = {key for key in opened if not component.scope or self.lines[key].is_used}
                component.move(free, weights)
        for line in shared:
            line.part = part
            line.price = Fraction(recognized.get(line.key, 0)) + shares.get(line.key, 0) + kept.get(line.key, 0)
        for line in scope:
            if line.is_reduction:
                line.price = Fraction(line.amount if line.is_promised else recognized.get(line.key, 0))
        self.bases.append(Basis(event, weights, opened))

    def restart(self, obligation, day):
        """Close a schedule: what was recognised stays, of each component of the price too."""
        for line in obligation.lines:
            whole, done = line.allocated - line.base, obligation.recognized_before(line, day) - line.base
            part = min(max(Fraction(done, whole), Fraction(0)), Fraction(1)) if whole else Fraction(0)
            for component in [*self.components.values(), *self.named.values()]:
                component.earn(line.key, part)
        obligation.restart(day)

    def kept_apart(self, lines):
        """What is still to be earned of components and discounts that belong to named lines: it stays with them."""
        scoped = [component for component in self.components.values() if component.scope] + [*self.named.values()]
        kept = [line.key for line in lines if not line.is_used]
        return {key: sum(component.left(key) for component in scoped) for key in kept}

    def catch_up(self, day, event, added, change, reduced):
        """As if it had been part of the contract all along (606-10-25-13(b))."""
        if not added and not self.rescoped and all(line.is_promised or line.is_used for line in self.lines.values()):
            named = {key: self.named_discount(key) for key in reduced if self.named_of(key)}
            always = Component([0, "variable", 1, None, None, 0], set())
            falls = [(always, sum(change.values()) + sum(reduced[key] for key in reduced if key not in named))]
            for component, amount in falls + [(discount, reduced[key]) for key, discount in named.items()]:
                shares = self.component_shares(component, amount)
                component.add(shares)
                for key, part in shares.items():
                    self.lines[key].price += part
            self.bases.append(Basis(event, self.bases[-1].weights))
            return
        shared = [c for c in self.components.values() if not c.is_apart and c.kind != "royalty"]
        lines = [line for line in self.lines.values() if line.is_promised and not self.is_exclusive(line)]
        for line in self.lines.values():
            line.price, line.part = Fraction(0), 0
        for obligation in self.obligations.values():
            obligation.added = []
        for (key, name), span in list(self.spans.items()):
            if type(name) is tuple:  # what a separate contract added to a line is in its amount, which is shared anew
                self.place(day, self.lines[key], name, -span.amount, *span.term, span.held, "modification")
        for discount in self.named.values():
            discount.shares = {}
        self.price_anew(lines, self.discounts, event, sum(component.amount for component in shared))
        for component in self.components.values():
            if component.amount and component in shared:  # royalties stay where the sales were
                component.shares = component_shares(component, component.amount, self.bases[-1:], self.lines)
            for key, part in component.shares.items():
                self.lines[key].price += part

    def end(self, day, keys):
        """Nothing of a project that is terminated is still to be done, unless it goes on under notice."""
        for obligation in {self.lines[key].obligation_key: self.obligation(self.lines[key]) for key in keys}.values():
            goes_on = any(line.is_promised and (line.to_day or day - 1) >= day for line in obligation.lines)
            if obligation.method in NOT_DISTINCT and not goes_on:
                obligation.delivered = True  # what is kept of its price is earned at once

    # Changes of the transaction price

    def estimate(self, day, number, amount):
        component = self.components[number]
        if component.first_day is None:
            component.by_use = self.used_by(component)
        if not self.lines and not component.by_use:
            return  # nothing is promised yet (606-10-25-1)
        if component.kind == "noncash" and self.policy["book"] == "ASC606" and component.first_day is not None:
            return  # measured at inception (606-10-32-21); IFRS 15 leaves the date to judgement
        component.changed = component.first_day is not None
        component.first_day = day if component.first_day is None else component.first_day
        change, component.amount = amount - component.amount, amount
        lines = {**self.by_use, **self.lines}
        if component.from_day is not None and component.kind != "past_concession":
            totals = rounded_shares(self.component_shares(component, amount), lines, amount)
            for key in set(totals) | set(component.placed):
                line, total = lines[key], totals.get(key, 0)
                days = (component.to_day, line.to_day, component.from_day)
                to_day = max(component.from_day, next(each for each in days if each is not None))
                increase = total - component.placed.get(key, 0)
                self.place(day, line, number, increase, component.from_day, to_day, line.held, "price_change")
                component.placed[key] = total
            return
        if component.kind == "past_concession" or component.by_use:
            # What is past, or was used so far, is all that it is about: none of it is still to come.
            cause = "modification" if component.kind == "past_concession" else "price_change"
            for key, part in rounded_shares(self.component_shares(component, change), lines, change).items():
                component.placed[key] = component.placed.get(key, 0) + part
                self.recognize(max(day, lines[key].held or day), key, part, cause)
            return
        shares = self.component_shares(component, change)
        if component.kind == "royalty":
            shares = self.royalty(day, component, shares)
        component.add(shares)
        for key, part in shares.items():
            self.lines[key].price += part

    def used_by(self, component):
        """The lines priced by their use that a component falls on: where it names, or the contract has, no others."""
        if component.scope.intersection(self.lines) or (self.lines and not component.scope):
            return set()
        return component.scope.intersection(self.by_use) if component.scope else set(self.by_use)

    def component_shares(self, component, amount):
        if component.by_use:
            return by_weight(amount, {key: self.by_use[key].ssp for key in component.by_use})
        return component_shares(component, amount, self.bases, self.lines)

    def royalty(self, day, component, shares):
        """A royalty for access is earned as the sales occur, not before the access begins (606-10-55-65)."""
        timed = {key for key in shares if self.obligation(self.lines[key]).is_timed}
        units = component.sell(shares, self.lines)
        if not timed:
            return shares
        for key in timed.intersection(units):
            line, part = self.lines[key], units.pop(key)
            component.placed[key] = component.placed.get(key, 0) + part
            self.recognize(max(day, line.from_day, line.held or day), key, part, "schedule")
        return units
