"""Discounts that name lines: there is evidence that they belong to those and to no other (606-10-32-37)."""

from fractions import Fraction

from python_udfs.parts.price import Component
from python_udfs.parts.slices import Slices
from python_udfs.parts.terms import by_weight


class Discounts(Slices):
    """What of each discount is in the price of the lines it names, through every change of the contract."""

    def __init__(self, policy):
        super().__init__(policy)
        self.scopes = {}  # discount or component -> the lines it names
        self.discounts = []  # of all contracts together: [key, amount, contract, the lines it names]
        self.rescoped = set()  # discounts that the latest version gives to other lines
        self.named = {}  # discount key -> what of it belongs to the lines it names

    def named_discount(self, key):
        discount = self.named.setdefault(key, Component([key, "discount", 1, None, None, 0], set()))
        discount.scope = self.scopes[key]
        return discount

    def take(self, contract, stated):
        """The discounts of a contract, and the lines that each names, as a version states them."""
        self.discounts = [discount for discount in self.discounts if discount[2] != contract] + stated
        for key, _, _, named in stated:
            self.scopes[key] = named

    def named_of(self, key):
        """The lines that a discount names and that are still promised."""
        lines = [self.lines[each] for each in self.scopes.get(key, ()) if each in self.lines]
        return [line for line in lines if line.is_promised and not line.is_reduction]

    def discount_changes(self, contract, stated):
        """Discount key -> by how much a version changes it; by nothing where only the lines change that it names."""
        change = {key: -amount for key, amount, owner, _ in self.discounts if owner == contract}
        named = {key: lines for key, _, _, lines in self.discounts}
        self.rescoped = {key for key, _, _, lines in stated if key in change and lines != named[key]}
        for key, amount, *_ in stated:
            change[key] = change.get(key, 0) + amount
        return {key: amount for key, amount in change.items() if amount or key in self.rescoped}

    def reduce_named(self, lines, reduced, left):
        """What is left of a discount stays with the lines it names, and so does what a version changes of it.

        Of a line that is no longer promised it passes to the others it names, or, without any, to all. What is left of
        one that the version gives to other lines is theirs.
        """
        for key in reduced:
            if self.named_of(key):
                self.named_discount(key)
        keys = {line.key for line in lines}
        for key, discount in self.named.items():
            named = [line for line in self.named_of(key) if line.key in keys and not self.is_exclusive(line)]
            weights = {line.key: line.ssp * left[line.key] for line in named}
            if not sum(weights.values()):
                weights = {line.key: line.ssp for line in named}
            gone = keys.intersection(discount.shares).difference(() if key in self.rescoped else weights)
            if weights:
                discount.move(gone, weights)
                discount.add(by_weight(reduced.get(key, 0), weights))
            else:
                discount.shares.update({each: discount.earned.get(each, Fraction(0)) for each in gone})

    def reduce_apart(self, apart, reduced):
        """What a version changes of a discount falls on lines that are caught up where it names them."""
        for key in list(reduced):
            named = {line.key: line.ssp for line in self.named_of(key)}
            for each, share in by_weight(reduced[key], named).items() if apart.intersection(named) else ():
                if each in apart:
                    self.lines[each].price += share
                    self.named_discount(key).add({each: share})
                    reduced[key] -= share
            if not reduced[key] and key not in self.rescoped:
                del reduced[key]
