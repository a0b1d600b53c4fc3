"""What stands of something in a foreign currency, and contract liability in layers, each at the rate of its day.

Contract liability is not monetary: a layer keeps the rate of the day it arose, and the oldest goes first. What is
earned ahead of it is an asset (ASC 830, IAS 21, IFRIC 22).
"""

from fractions import Fraction


def rounded(amount):
    """The nearest integer, half away from zero."""
    half_up = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return half_up if amount >= 0 else -half_up


def portion(amount, part, whole):
    return rounded(Fraction(amount * part, whole))


def spread(total, weights):
    """`total` by largest remainder over positive weights; ties go to the first."""
    whole, sign = sum(weights), 1 if total >= 0 else -1
    pairs = [divmod(abs(total) * weight, whole) for weight in weights]
    shares = [quotient for quotient, _ in pairs]
    for i in sorted(range(len(weights)), key=lambda i: (-pairs[i][1], i))[: abs(total) - sum(shares)]:
        shares[i] += 1
    return [sign * share for share in shares]


class Item:
    """What stands of something: its amount in the foreign currency and what it is carried at."""

    def __init__(self):
        self.amount = self.carried = 0

    def move(self, amount, rate):
        """Debit `amount`: what lowers the balance goes at its carrying amount, what raises it at `rate`.

        Returns the functional amount as posted and as it is before rounding.
        """
        lowering = 0
        if self.amount * amount < 0:
            lowering = amount if abs(amount) <= abs(self.amount) else -self.amount
        taken = -portion(self.carried, -lowering, self.amount) if lowering else 0
        exact = (amount - lowering) * rate
        posted = taken + rounded(exact)
        self.amount += amount
        self.carried += posted
        return posted, taken + exact

    def remeasure(self, rate):
        change = rounded(self.amount * rate) - self.carried
        self.carried += change
        return change


class Layer:
    """A contract liability that arose on one day, at one rate."""

    def __init__(self, day, document, amount, worth):
        self.day, self.document, self.amount, self.worth = day, document, amount, worth
        self.used = 0

    def left(self):
        return self.amount - self.used

    def value(self):
        """Cumulative, then difference: what is left of the layer's worth."""
        return self.worth - portion(self.worth, self.used, self.amount)

    def use(self, amount):
        before = self.value()
        self.used += amount
        return before - self.value()


class Liability:
    """Contract liability in layers, and what is earned ahead of it, by line; line 0 is the contract as a whole."""

    def __init__(self, lines):
        self.layers, self.assets = {}, {}
        self.finished = {row[0]: int(row[3]) for row in lines if row[3] is not None}
        # Where a price is allocated otherwise than it is billed, the surplus of a line's bill pays for the others.
        priced = [row for row in lines if row[1] is not None and row[2] is not None]
        self.short = [(key, due - billed) for key, billed, due, _ in priced if due > billed]
        surplus = {key: billed - max(due, 0) for key, billed, due, _ in priced if billed > max(due, 0)}
        # Where more is billed than the lines may earn, as with a rebate, the excess is nobody's: it stays where it is.
        paid = min(sum(surplus.values()), sum(short for _, short in self.short))
        whole = sum(surplus.values())
        self.given = {key: (surplus[key] * paid, billed * whole) for key, billed, *_ in priced if key in surplus}

    def attributed(self, line, amount):
        """What of an amount billed on a line belongs to it and to others."""
        surplus, billed = self.given.get(line, (0, 1))
        others = portion(amount, surplus, billed)
        if not others:
            return [(line, amount)]
        shares = spread(others, [short for _, short in self.short])
        parts = [(line, amount - others)] + [(key, share) for (key, _), share in zip(self.short, shares, strict=True)]
        return [part for part in parts if part[1]]

    def asset(self, line):
        return self.assets.setdefault(line, Item())

    def credit(self, line, amount, rate, day, document, carry=Fraction(0)):
        """Bill or receive `amount` (positive): what is earned ahead goes at its carrying value, the rest is a layer.

        `carry`: by how much the other parts of the same amount were rounded up.
        """
        posted, exact = 0, Fraction(0)
        others = [key for key in self.assets if key not in (line, 0)] if line == 0 else []
        for key in [line, 0, *others] if line else [0, *others]:
            settled = min(amount, max(self.asset(key).amount, 0))
            if settled:
                worth, _ = self.asset(key).move(-settled, rate)
                posted, exact, amount = posted + worth, exact + worth, amount - settled
        if amount:
            worth = rounded(amount * rate - carry)
            self.layers.setdefault(line, []).append(Layer(day, document, amount, worth))
            posted, exact = posted - worth, exact - amount * rate
        return posted, exact

    def candidates(self, line, document):
        """The layers a debit may use, in order: of the document that is taken back, of the line, of the contract."""
        own = sorted(self.layers.get(line, []), key=lambda layer: layer.day)
        if line == 0:
            rest = [layer for key, layers in self.layers.items() if key for layer in layers]
        else:
            rest = self.layers.get(0, [])
        found = own + sorted(rest, key=lambda layer: layer.day)
        return [x for x in found if document and x.document == document] + [
            x for x in found if not document or x.document != document
        ]

    def debit(self, line, amount, rate, document=0):
        """Earn or take back `amount` (positive): layers at their rates, then what is ahead of them at `rate`."""
        posted = 0
        for layer in self.candidates(line, document):
            used = min(amount, layer.left())
            if used:
                posted, amount = posted + layer.use(used), amount - used
        self.drop_empty()
        worth, exact = self.asset(line).move(amount, rate) if amount else (0, Fraction(0))
        return posted + worth, posted + exact

    def drop_empty(self):
        self.layers = {key: [x for x in layers if x.left()] for key, layers in self.layers.items()}

    def settle_finished(self, day, rate):
        """What was billed on a finished line beyond what it earned is the contract's, and pays for lines that lack it.

        Returns what that debits contract liability by: the layers used less the assets they settle.
        """
        finished = [key for key in sorted(self.finished) if self.finished[key] <= day]
        for key in finished:
            self.layers.setdefault(0, []).extend(self.layers.pop(key, []))
        difference = 0
        for key in [*finished, 0]:
            asset = self.asset(key)
            spare = sum(layer.left() for layer in self.layers.get(0, []))
            matched = min(max(asset.amount, 0), spare)
            if matched:
                used, _ = self.debit(0, matched, rate)
                settled, _ = asset.move(-matched, rate)
                difference += used + settled
        return difference

    def net(self, line=None):
        """Amount and carrying amount, debits positive, of a line or of the contract."""
        keys = (set(self.layers) | set(self.assets)) if line is None else {line}
        amount = sum(self.assets[key].amount for key in keys if key in self.assets)
        carried = sum(self.assets[key].carried for key in keys if key in self.assets)
        for key in keys:
            amount -= sum(layer.left() for layer in self.layers.get(key, []))
            carried -= sum(layer.value() for layer in self.layers.get(key, []))
        return amount, carried
