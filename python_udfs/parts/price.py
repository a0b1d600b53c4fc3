"""The transaction price and its allocation: fixed amounts, discounts, residuals and estimated components.

A basis is a mapping of line keys to weights. The basis of inception is frozen for later changes of the price; a
prospective modification adds a basis of its own for what was open then (606-10-32-31 to 32-45).
"""

from fractions import Fraction

from python_udfs.parts.terms import by_weight, whole_units


class Component:
    """Consideration that is estimated, and what its latest estimate says (606-10-32-5 to 32-14)."""

    def __init__(self, row, scope):
        self.number, self.kind, self.origin = int(row[0]), row[1], int(row[2])
        self.from_day, self.to_day, self.is_exclusive, self.scope = row[3], row[4], bool(row[5]), scope
        self.amount = 0  # signed by its effect on the price
        self.first_day = None
        self.changed = False
        self.shares = {}  # line key -> exact part of the line's price that is the component's
        self.earned = {}  # line key -> what of that was earned before the line's current schedule began
        self.placed = {}  # line key -> amount that is kept apart from the line's price: spans, royalties, concessions
        self.by_use = set()  # lines priced by their use that it falls on
        self.sold = {}  # line key -> exact part of all that a royalty was sold for

    def add(self, shares):
        for key, part in shares.items():
            self.shares[key] = self.shares.get(key, Fraction(0)) + part

    def earn(self, key, part):
        """A part of what a line's schedule held of the component is earned when the schedule ends."""
        if key in self.shares:
            self.earned[key] = self.earned.get(key, Fraction(0)) + self.left(key) * part

    def left(self, key):
        """What of a line's part was still to be earned when its current schedule began."""
        return self.shares.get(key, Fraction(0)) - self.earned.get(key, Fraction(0))

    def move(self, keys, weights):
        """What was still to be earned of some lines' parts, shared anew."""
        moved = {key: self.left(key) for key in keys if key in self.shares}
        for key, part in moved.items():
            self.shares[key] -= part
        if moved:
            self.add(by_weight(sum(moved.values(), Fraction(0)), weights))

    def sell(self, shares, lines):
        """Whole units of a sale by line: all that was sold, rounded once, less what it was before the sale."""
        before = rounded_shares(self.sold, lines, int(sum(self.sold.values())))
        self.sold = {key: self.sold.get(key, Fraction(0)) + shares.get(key, 0) for key in {**self.sold, **shares}}
        after = rounded_shares(self.sold, lines, int(sum(self.sold.values())))
        return {key: units - before.get(key, 0) for key, units in after.items()}

    @property
    def is_apart(self):
        """Whether it never becomes part of the price that the line's own progress earns."""
        return self.kind == "past_concession" or self.from_day is not None


class Basis:
    """Weights of a pricing event, and the lines it re-priced."""

    def __init__(self, version, weights, opened=(), residual=(), is_use=False):
        self.version, self.weights, self.opened = version, weights, set(opened)
        self.residual = set(residual)  # where the residual approach is used, it takes what is not observable
        self.is_use = is_use  # of a material right: what falls on the right falls on what it bought


def named_shares(lines, scopes, discounts):
    """Discount key -> shares of the lines it names: there is evidence that it belongs to them (606-10-32-37)."""
    found = {}
    for key, amount in discounts:
        named = {line.key: line.ssp for line in lines if line.key in scopes.get(key, ()) and not line.is_reduction}
        if named:
            found[key] = by_weight(amount, named)
    return found


def inception_weights(lines, named, discounts, extra):
    """Exact prices of newly promised lines, and the basis for later changes of the price.

    `discounts`: [key, amount] of discount lines; `named`: discount key -> shares of the lines it names; `extra`:
    estimated consideration that belongs to no line. Returns ({line key: price}, weights, residual line keys).
    """
    shared = [line for line in lines if not line.is_reduction]
    prices = {line.key: Fraction(line.amount) for line in lines if line.is_reduction}
    total = sum(line.amount for line in shared) + sum(amount for key, amount in discounts if key not in named)
    own = {line.key: sum((shares.get(line.key, 0) for shares in named.values()), Fraction(0)) for line in shared}
    weights = {line.key: 0 if line.is_used else line.ssp for line in shared}
    residual = [line for line in shared if line.residual is not None]
    if residual:
        observable = sum(line.ssp for line in shared if line.residual is None)
        left = total + extra - observable
        low, high = (
            sum(bound or 0 for bound in bounds) for bounds in zip(*[(r.low, r.high) for r in residual], strict=True)
        )
        if left > 0 and low <= left and (left <= high or any(line.high is None for line in residual)):
            shares = {line.key: line.residual or line.amount for line in residual}
            for line in shared:
                prices[line.key] = own[line.key] + (line.ssp if line.residual is None else 0)
            for key, part in by_weight(left - extra, shares).items():
                prices[key] += part
            return prices, shares, set(shares)
        for line in residual:  # the residual is not plausible: its price in the book instead (606-10-32-34(c))
            weights[line.key] = line.fallback
    for key, part in by_weight(total, weights).items() if shared else ():
        prices[key] = own[key] + part
    return prices, weights, set()


def component_shares(component, amount, bases, lines):
    """`amount` of a component over the lines, by the basis of its origin and of every modification since.

    Not a modification: the weights of inception stay (606-10-32-43). What falls on obligations that were open at a
    later modification is spread again over the modified contract (32-45, Example 6); what belongs to named lines
    stays with them, or with what they bought.
    """
    origin = max((i for i, basis in enumerate(bases) if basis.version <= component.origin), default=0)
    weights = {
        key: weight for key, weight in bases[origin].weights.items() if not component.scope or key in component.scope
    }
    if not weights:
        weights = dict.fromkeys(component.scope.intersection(lines), 1) or {min(lines): 1}
    shares = by_weight(amount, weights)
    for basis in bases[origin + 1 :]:
        if component.scope and not basis.is_use:
            continue
        moved = sum((share for key, share in shares.items() if key in basis.opened), Fraction(0))
        if basis.opened and moved:
            shares = {key: share for key, share in shares.items() if key not in basis.opened}
            for key, part in by_weight(moved, basis.weights).items():
                shares[key] = shares.get(key, Fraction(0)) + part
    return shares


def round_prices(lines):
    """Round the prices once, so that they sum to the price of the contract, and those of each part to the part's.

    The price of a part is the difference of two rounded sums, so no later part moves an earlier one; its lines share
    it by largest remainder.
    """
    exact_upto, upto = Fraction(0), 0
    for part in sorted({line.part for line in lines}):
        shared = sorted(
            (line for line in lines if line.part == part and not line.is_reduction), key=lambda line: line.seq
        )
        exact = [line.price for line in shared]
        exact_upto += sum(exact, Fraction(0))
        before, upto = upto, (2 * exact_upto.numerator + exact_upto.denominator) // (2 * exact_upto.denominator)
        for line, units in zip(shared, whole_units(exact, upto - before), strict=True):
            line.allocated = units
        for line in lines:
            if line.part == part and line.is_reduction:
                line.allocated = line.price.numerator // line.price.denominator


def rounded_shares(shares, lines, amount):
    """Exact shares of an amount as integers that sum to it, in line order."""
    keys = sorted(shares, key=lambda key: lines[key].seq)
    return dict(zip(keys, whole_units([Fraction(shares[key]) for key in keys], amount), strict=True))
