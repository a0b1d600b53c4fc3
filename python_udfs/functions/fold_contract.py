"""Made by `python -m python_udfs.bundle` from python_udfs/parts (schedule, terms, price, slices, discounts, contract, record, balances, history): edit those."""

import datetime
import json
from decimal import Decimal, localcontext
from fractions import Fraction


EPOCH = 719163  # ordinal of 1970-01-01
CONVENTIONS = {"daily", "thirty_360", "monthly_prorated_ends", "monthly_from_start", "monthly_even", "monthly_by_term"}


def known(value, options, what):
    if value not in options:
        raise ValueError("unknown " + what + ": " + str(value) + "; expected one of " + ", ".join(sorted(options)))
    return value


def rounded(numerator, denominator):
    """numerator / denominator to the nearest integer, half away from zero; the denominator is positive."""
    half_up = (2 * abs(numerator) + denominator) // (2 * denominator)
    return half_up if numerator >= 0 else -half_up


def month_of(day):
    date = datetime.date.fromordinal(day + EPOCH)
    return 12 * date.year + date.month - 1


def first_day(month):
    return datetime.date(month // 12, month % 12 + 1, 1).toordinal() - EPOCH


def index_360(day):
    """Day number in a calendar of 30-day months; the last day of a month is its 30th."""
    date = datetime.date.fromordinal(day + EPOCH)
    month_ends = first_day(month_of(day) + 1) == day + 1
    return 360 * date.year + 30 * date.month + (30 if month_ends else date.day)


def cumulative(amount, convention, days_rule, from_day, to_day, day, not_before_day=None):
    """Part of `amount` earned from `from_day` through `day` (minor units; both ends of the term inclusive).

    Nothing before `not_before_day`: what was earned by then is caught up on it. `days_rule` says how a month reaches
    its days: even (cumulative rounding) or truncated (whole units each day, the rest on the month's last day of
    service); conventions without months ignore it. Raises ValueError on an unknown convention.
    """
    known(convention, CONVENTIONS, "straight-line convention")
    if day < from_day or (not_before_day is not None and day < not_before_day):
        return 0
    if day >= to_day:
        return amount
    size, sign = abs(amount), 1 if amount >= 0 else -1
    if convention == "daily":
        return sign * rounded(size * (day - from_day + 1), to_day - from_day + 1)
    if convention == "thirty_360":
        start = index_360(from_day) - 1
        return sign * rounded(size * (index_360(day) - start), index_360(to_day) - start)
    month, first, last = month_of(day), month_of(from_day), month_of(to_day)
    if convention == "monthly_from_start":
        last = max(first, month_of(to_day + 1) - 1)
        if month > last:
            return amount
    before = month_end_total(size, convention, from_day, to_day, first, last, month - 1)
    part = month_end_total(size, convention, from_day, to_day, first, last, month) - before
    starts = max(from_day, first_day(month))
    gone, days = day - starts + 1, min(to_day, first_day(month + 1) - 1) - starts + 1
    if days_rule == "truncated":
        return sign * (before + (part if gone == days else part // days * gone))
    return sign * (before + rounded(part * gone, days))


def month_end_total(size, convention, from_day, to_day, first, last, month):
    """What is earned through the end of `month`; months are numbered 12 * year + month - 1."""
    if month < first:
        return 0
    if month >= last:
        return size
    passed, months = month - first + 1, last - first + 1
    if convention in ("monthly_even", "monthly_from_start"):
        return rounded(size * passed, months)
    head_days, tail_days = first_day(first + 1) - from_day, to_day - first_day(last) + 1
    if convention == "monthly_prorated_ends":
        head_month = first_day(first + 1) - first_day(first)
        tail_month = first_day(last + 1) - first_day(last)
        whole = head_month * tail_month  # the weight of a whole month over the common denominator
        head, tail = head_days * tail_month, tail_days * head_month
        return rounded(size * (head + (passed - 1) * whole), head + (months - 2) * whole + tail)
    # monthly_by_term: the ends by their days, the whole months between share the rest, the last of them its remainder
    term = to_day - from_day + 1
    head, tail = rounded(size * head_days, term), rounded(size * tail_days, term)
    if month == first:
        return head
    if month == last - 1:
        return size - tail
    return head + (size - head - tail) // (months - 2) * (passed - 1)


def within(amount, limit):
    """The part of `amount` that does not exceed `limit`; nothing where their signs differ."""
    return max(min(amount, max(limit, 0)), min(limit, 0))


def portion(amount, part, whole):
    """amount * part / whole, rounded half away from zero; zero of a whole that is zero."""
    return rounded(amount * part * (1 if whole > 0 else -1), abs(whole)) if whole else 0


def spread(total, weights):
    """`total` by largest remainder over `weights` (which may have either sign); ties go to the first."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    pairs = [divmod(abs(total) * weight * (1 if whole > 0 else -1), abs(whole)) for weight in weights]
    shares = [quotient for quotient, _ in pairs]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-pairs[i][1], i))
    for i in by_remainder[: abs(total) - sum(shares)]:
        shares[i] += 1
    return [share if total >= 0 else -share for share in shares]


# Measured progress toward one obligation: what remains of it is not distinct from what was done (606-10-25-13(b)).
NOT_DISTINCT = {"milestone", "percent_complete"}
# Lines without a share of the fixed price: they are earned as used or invoiced (606-10-32-40, 55-18).
PRICED_BY_USE = {"usage", "as_invoiced", "on_invoice"}


def whole_units(exact, total):
    """Fractions to integers that sum to `total`: largest remainder, ties to the first, by absolute value."""
    if total < 0:
        return [-unit for unit in whole_units([-part for part in exact], -total)]
    units = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for i in order[: total - sum(units)]:
        units[i] += 1
    return units


def by_weight(amount, weights):
    """`amount` over a mapping of weights, as fractions; equally where no weight is above zero."""
    whole = sum(weights.values())
    if not whole:
        weights, whole = dict.fromkeys(weights, 1), len(weights)
    return {key: Fraction(amount * Fraction(weight), whole) for key, weight in weights.items()}


def part_of_term(convention, from_day, to_day, day):
    """How much of a term lies before `day`, as a fraction of the term, measured as the convention spreads it."""
    if day <= from_day:
        return Fraction(0)
    if day > to_day:
        return Fraction(1)
    if convention in ("daily", "monthly_by_term"):
        return Fraction(day - from_day, to_day - from_day + 1)
    if convention == "thirty_360":
        start = index_360(from_day) - 1
        return Fraction(index_360(day - 1) - start, index_360(to_day) - start)
    first, last = month_of(from_day), month_of(to_day)
    if convention == "monthly_from_start":
        last = max(first, month_of(to_day + 1) - 1)

    def part_in(month):
        """What of the term is in a month: its first day, its days, and their weight (a month weighs one)."""
        starts, next_month = max(from_day, first_day(month)), first_day(month + 1)
        days = min(to_day, next_month - 1) - starts + 1
        by_days = convention == "monthly_prorated_ends"
        return starts, days, Fraction(days, next_month - first_day(month)) if by_days else 1

    month = min(month_of(day), last)
    starts, days, weight = part_in(month)
    done = weight * Fraction(min(day - starts, days), days)
    # The months between the first and the last are whole.
    head, tail = part_in(first)[2], part_in(last)[2]
    whole = head + (last - first - 1) + tail if last > first else head
    return Fraction(done + (head + month - first - 1 if month > first else 0), whole)


class Line:
    """A promised line: its terms in the version in force, its share of the price and what is recognised of it."""

    def __init__(self, row):
        self.key, self.contract = int(row[1]), int(row[3])
        self.part = 0  # lines of one part are priced together; a separate contract (25-12) is a part of its own
        self.price = Fraction(0)  # the exact share of the price, what was recognised included
        self.allocated = 0  # the share, rounded
        self.base = 0  # recognised before the current schedule began
        self.recognized = 0  # measured obligations: recognised so far
        self.is_used = False  # a material right that a later line has used: nothing of it is still to come
        self.agree(row)

    def agree(self, row):
        """Take over the terms that a version states."""
        self.seq, self.obligation_key, self.method, self.amount = int(row[2]), int(row[4]), row[5], int(row[6])
        self.quantity, self.ssp, self.from_day, self.to_day = int(row[7]), int(row[8]), row[9], row[10]
        self.satisfied, self.expires, self.held = row[11], row[12], row[13]
        self.residual, self.fallback, self.low, self.high, self.exercises = row[14:19]
        self.refundable_after = row[20]  # days of notice: what is paid for service beyond them goes back
        self.is_reduction = self.amount < 0
        self.is_promised = True

    def same_terms(self, row):
        """Whether a version states the terms as they are."""
        stated = (self.amount, self.quantity, self.method, self.from_day, self.to_day, self.expires)
        return stated == (int(row[6]), int(row[7]), row[5], row[9], row[10], row[12]) and not row[21]


class Obligation:
    """A performance obligation: its lines share one schedule, or one measure of progress (606-10-25-22, 25-31)."""

    def __init__(self, key, policy):
        self.key, self.policy, self.lines = key, policy, []
        self.starts = None  # day from which the current schedule counts, where a change moved it
        self.schedule = None  # what is being earned: (from, to, held, amounts, recognised before, lines)
        self.slice_from = None
        self.slice_cause = "schedule"
        self.number = 0
        self.progress = (0, None, 0)  # to date, expected, at cost
        self.before = 0  # to date when the current schedule began
        self.cost_before = 0
        self.delivered = False  # as a whole: on its day, or because it lapsed
        self.added = []  # separate contracts on its lines: [line key, quantity, amount, to date when agreed]

    @property
    def method(self):
        return self.lines[0].method

    @property
    def is_timed(self):
        return self.method == "straight_line"

    def promised(self):
        return [line for line in self.lines if line.is_promised] or self.lines

    # Progress

    def expected(self):
        quantity = sum(line.quantity for line in self.promised())
        if self.method == "percent_complete":
            return self.progress[1] or 100 * 10**6
        if self.method == "units" and self.policy["breakage"] == "remote":
            return quantity  # breakage thought remote is not anticipated (606-10-55-48)
        return self.progress[1] or quantity

    def done(self, to_date):
        """The part of the obligation that is satisfied when `to_date` is reached."""
        expected = self.expected()
        fraction = min(Fraction(to_date, expected), Fraction(1)) if expected > 0 else Fraction(int(to_date > 0))
        step = self.policy["progress_step"]
        if self.method != "percent_complete" or not step:
            return fraction
        steps = Fraction(fraction, step)
        return min(step * rounded(steps.numerator, steps.denominator), Fraction(1))

    def done_apart(self, to_date):
        """What is done of the schedule without its separate contracts, and of each of them.

        Quantities are delivered first contract first; what was added to a measure of progress is earned as the rest.
        """
        quantity, expected = sum(line.quantity for line in self.promised()), self.expected()
        own = quantity - sum(added for _, added, _, _ in self.added)
        if self.method == "percent_complete" or own == quantity or own <= 0:
            done = self.done(to_date)
            since = [self.done(agreed) for _, _, _, agreed in self.added]
            return done, [Fraction(done - before, 1 - before) if before < 1 else Fraction(1) for before in since]
        parts, low = [], Fraction(0)
        for quantity_of in (own, *(added for _, added, _, _ in self.added)):
            part = Fraction(quantity_of * expected, quantity)
            parts.append(min(max(Fraction(to_date - low, part), Fraction(0)), Fraction(1)) if part > 0 else Fraction(1))
            low += part
        return parts[0], parts[1:]

    @property
    def is_complete(self):
        """Whether all of what is measured is done."""
        return self.delivered or self.done(self.progress[0]) == 1

    def left(self, line, day):
        """The part of a line that is still to be satisfied at the start of `day` (measured as it is recognised)."""
        if not line.is_promised or line.is_used:
            return Fraction(0)
        if self.is_timed:
            return 1 - part_of_term(self.policy["convention"], line.from_day, line.to_day, day)
        return Fraction(0) if self.delivered else 1 - self.done(self.progress[0])

    # What is earned

    def term(self):
        """First and last day of the current schedule, and the first day that may recognise."""
        lines = self.promised()
        from_day, to_day = min(line.from_day for line in lines), max(line.to_day for line in lines)
        from_day = from_day if self.starts is None else max(from_day, self.starts)
        return from_day, max(from_day, to_day), lines[0].held

    @property
    def is_over(self):
        """Whether no service is left for the current schedule: what it earns on its day is the effect of a change."""
        return self.starts is not None and max(line.to_day for line in self.promised()) < self.starts

    def amounts(self):
        return [line.allocated - line.base for line in self.lines]

    def current(self):
        """The schedule that the terms and prices in force give."""
        return (*self.term(), self.amounts(), [line.base for line in self.lines], list(self.lines))

    def earned(self, schedule, day):
        """What each line has earned of a schedule through `day`."""
        from_day, to_day, held, amounts = schedule[:4]
        rules = self.policy["convention"], self.policy["days_rule"]
        whole = sum(amounts)
        if whole == 0 and any(amounts):
            return [cumulative(amount, *rules, from_day, to_day, day, held) for amount in amounts]
        return self.shared(cumulative(whole, *rules, from_day, to_day, day, held), amounts)

    def shared(self, earned, amounts):
        """Each line's part of what the obligation earned: the difference of two cumulative shares."""
        if len(amounts) == 1:
            return [earned]
        whole, upto, shares = sum(amounts), 0, []
        for amount in amounts:
            shares.append(portion(earned, upto + amount, whole) - portion(earned, upto, whole))
            upto += amount
        return shares

    def measured(self):
        """What each line has earned of its amount by the progress made."""
        amounts = self.amounts()
        if self.delivered:
            return amounts
        to_date, _, at_cost = self.progress
        (before, _), (done, parts) = self.done_apart(self.before), self.done_apart(to_date)
        fraction = Fraction(done - before, 1 - before) if before < 1 else Fraction(1)
        indexes = [index for key, *_ in self.added for index, line in enumerate(self.lines) if line.key == key]
        for index, (_, _, amount, _) in zip(indexes, self.added, strict=True):
            amounts[index] -= amount
        # Uninstalled materials earn their cost and no margin (606-10-55-21).
        at_cost = max(0, at_cost - self.cost_before)
        exact = (sum(amounts) - at_cost) * fraction
        earned = self.shared(rounded(exact.numerator, exact.denominator) + at_cost, amounts)
        for index, (_, _, amount, _), part in zip(indexes, self.added, parts, strict=True):
            exact = amount * part
            earned[index] += rounded(exact.numerator, exact.denominator)
        return earned

    def recognized_before(self, line, day):
        """What was recognised of a line through the day before `day`, spans left out."""
        if not self.is_timed:
            return line.recognized
        if self.schedule is None or line not in self.schedule[5]:
            return line.base
        index = self.schedule[5].index(line)
        return self.schedule[4][index] + self.earned(self.schedule, day - 1)[index]

    def restart(self, day):
        """Close the schedule: what was recognised stays, what remains is earned from `day`."""
        for line, recognized in [(line, self.recognized_before(line, day)) for line in self.lines]:
            line.base = recognized
        self.starts = day
        self.before, self.cost_before, self.added = self.progress[0], self.progress[2], []


class Span:
    """An amount that belongs to a span of a line's term (606-10-32-40), or was added to it as a separate contract."""

    def __init__(self, line, from_day, to_day, held):
        self.line, self.term, self.held = line, (from_day, to_day), held
        self.amount = 0
        self.slice_from = None
        self.number = 0

    def earned(self, policy, amount, day):
        return cumulative(amount, policy["convention"], policy["days_rule"], *self.term, day, self.held)


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


# A schedule has the key of its obligation, counted up where lines or shares change; spans and days stand apart.
SPANS, DAYS = 10**6, 2 * 10**6


class Slices:
    """The schedules of the lines and obligations in force, written down whenever a change ends one."""

    def __init__(self, policy):
        self.policy = policy
        self.lines, self.obligations = {}, {}
        self.spans = {}  # (line key, component or version) -> Span
        self.slices, self.days, self.shares = [], {}, {}

    def recognize(self, day, key, amount, cause):
        if amount:
            self.days[key + DAYS, day, cause] = self.days.get((key + DAYS, day, cause), 0) + amount
            self.shares[key + DAYS, key] = [1, 1, 1, 0]

    def place(self, day, line, name, increase, from_day, to_day, held, cause):
        """Change the amount of a span of a line's term; what of it is over is caught up."""
        span = self.spans.get((line.key, name))
        if span is None:
            span = self.spans[line.key, name] = Span(line, from_day, to_day, held)
            span.number = len(self.spans)
        amount = span.amount + increase
        if amount == span.amount:
            return
        starts = max(from_day, held or from_day)
        if day > starts:
            caught_up = span.earned(self.policy, amount, day - 1) - span.earned(self.policy, span.amount, day - 1)
            self.close_span(span, day - 1)
            late = day > to_day
            self.recognize(day, line.key, caught_up, cause)
            span.slice_from = None if late else day
        else:
            span.slice_from = from_day
        span.amount = amount

    def close_span(self, span, day):
        if span.slice_from is not None and day >= span.slice_from:
            key = span.line.key + SPANS + span.number
            self.write_slice(key, span.slice_from, day, *span.term, span.amount, span.held, span.line)

    def refresh(self, day, cause):
        """Write down what a change of price or terms makes of every schedule, on the day of the change."""
        round_prices(list(self.lines.values()))
        for obligation in self.obligations.values():
            if obligation.is_timed:
                self.reschedule(obligation, day, cause)
            else:
                self.catch_up_progress(obligation, day, cause)

    def catch_up_progress(self, obligation, day, cause):
        for line, earned in zip(obligation.lines, obligation.measured(), strict=True):
            change = line.base + earned - line.recognized
            line.recognized += change
            self.recognize(max(day, line.held or day), line.key, change, cause)

    def reschedule(self, obligation, day, cause):
        old, new = obligation.schedule, obligation.current()
        if old == new:
            return
        if old is not None:
            now = obligation.earned(new, day - 1)
            for base, earned_now, line in zip(new[4], now, new[5], strict=True):
                earned = base + earned_now
                self.recognize(day, line.key, earned - obligation.recognized_before(line, day), cause)
            self.close(obligation, day - 1)
        obligation.schedule = new
        obligation.slice_from = new[0] if old is None else max(day, new[0])
        obligation.slice_cause = cause if obligation.is_over else "schedule"

    def close(self, obligation, day):
        """Write the slice of the schedule that ends on `day`."""
        from_day, to_day, held, amounts, _, lines = obligation.schedule
        if day < max(obligation.slice_from, held or obligation.slice_from) or not any(amounts):
            return
        whole, cause = sum(amounts), obligation.slice_cause
        if len(amounts) == 1:
            self.write_slice(obligation.key, obligation.slice_from, day, from_day, to_day, whole, held, lines[0], cause)
        elif whole == 0:  # a reduction takes all of the service: each is earned by itself
            for line, amount in zip(lines, amounts, strict=True):
                obligation.number += 1
                key = obligation.key + obligation.number
                self.write_slice(key, obligation.slice_from, day, from_day, to_day, amount, held, line, cause)
        else:
            obligation.number += 1
            key, upto = obligation.key + obligation.number, 0
            self.write_slice(key, obligation.slice_from, day, from_day, to_day, whole, held, None, cause)
            for line, amount in zip(lines, amounts, strict=True):
                self.shares[key, line.key] = [len(amounts), whole, upto + amount, upto]
                upto += amount

    def write_slice(self, key, slice_from, slice_to, from_day, to_day, amount, held, line, cause="schedule"):
        if amount:
            rules = self.policy["convention"], self.policy["days_rule"]
            self.slices.append([key, slice_from, slice_to, from_day, to_day, amount, *rules, held, cause])
            if line is not None:
                self.shares[key, line.key] = [1, 1, 1, 0]

    def timeline(self, key):
        """What was written down for a line, as a function of the day: recognised through it."""
        shares = {schedule: share for (schedule, line), share in self.shares.items() if line == key}
        slices = [row for row in self.slices if row[0] in shares]
        days = [(day, amount) for (schedule, day, _), amount in self.days.items() if schedule == key + DAYS]

        def recognized(day):
            total = sum(amount for when, amount in days if when <= day)
            for schedule, slice_from, slice_to, from_day, to_day, amount, convention, days_rule, held, _ in slices:
                if day < slice_from:
                    continue
                terms = amount, convention, days_rule, from_day, to_day
                parts = [cumulative(*terms, min(day, slice_to), held), cumulative(*terms, slice_from - 1, held)]
                count, whole, upto, before = shares[schedule]
                if count > 1:
                    parts = [portion(part, upto, whole) - portion(part, before, whole) for part in parts]
                total += parts[0] - parts[1]
            return total

        return recognized

    def finish(self):
        for obligation in self.obligations.values():
            if obligation.schedule is not None:
                _, to_day, held = obligation.schedule[:3]
                self.close(obligation, max(to_day, held or to_day, obligation.slice_from))
        for span in self.spans.values():
            self.close_span(span, max(span.term[1], span.held or span.term[1]))


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


LATEST = 10**9


def weight(contract, line, event):
    """What a line weighed when it was last priced up to an event; its standalone price where nothing was shared."""
    for basis in reversed(contract.bases):
        if basis.version <= event and basis.weights.get(line.key):
            return int(basis.weights[line.key])
    return line.ssp


def write_version(contract, key, version, treatment, recognized):
    """The price allocation and the obligations of a version as they stand when it ends."""
    parts = {}
    for component in contract.components.values():
        shares = dict(component.placed)
        if component.first_day is not None and not component.is_apart and component.amount != sum(shares.values()):
            whole = component.amount - sum(shares.values())
            for line_key, units in rounded_shares(component.shares, contract.lines, whole).items():
                shares.setdefault(line_key, units)
        for line_key, units in shares.items():
            parts.setdefault(line_key, []).append((component, units))
    basis = contract.bases[-1]
    kind = "inception" if treatment == "inception" else "modification"
    for line in sorted({**contract.by_use, **contract.lines}.values(), key=lambda each: each.seq):
        if line.contract != key:
            continue
        own = line.allocated
        for component, units in parts.get(line.key, []):
            own -= 0 if line.key in component.placed else units
            because = "targeted" if component.scope else "price_change" if component.changed else "inception"
            weighs = weight(contract, line, component.origin)
            contract.prices.append([key, version, line.key, component.number, line.ssp, weighs, units, because])
        added = [
            span for (of_line, name), span in contract.spans.items() if of_line == line.key and type(name) is tuple
        ]
        own += sum(span.amount for span in added)
        if line.key in contract.lines and (line.is_promised or own):
            weighs = weight(contract, line, LATEST)
            because = "residual" if line.key in basis.residual else kind
            contract.prices.append([key, version, line.key, 0, line.ssp, weighs, own, because])
    for obligation in contract.obligations.values():
        lines = [line for line in obligation.promised() if line.contract == key]
        if lines:
            whole = sum(line.allocated for line in lines)
            before = sum(recognized.get(line.key, 0) for line in lines)
            contract.promises.append([key, version, obligation.key, whole, before, treatment])


ROLE_OF_KIND = {
    "refund_right": "refund_liability",
    "rebate": "refund_liability",
    "payable_to_customer": "payable_to_customer",
}
# A credit note for these reasons is for something else than what is expected to be given back (section 6).
NOT_EXPECTED = {"scope_reduction", "price_change", "billing_error"}


def by_day(rows):
    """Day -> what rows say of it, in their order."""
    found = {}
    for day, *said in rows:
        found.setdefault(day, []).append(said)
    return found


def expected_back(components, estimates, billed, fixed, credits):
    """Movements of refund liabilities and of amounts payable to the customer (606-10-32-10, 32-25).

    The liability is the component's amount times the share of the fixed consideration that is billed or paid; of a
    component with a period, its own amount from that period on. What a credit note gives back settles it first, and
    before there is a right to what it credits, what is owed until then; a rebate then pays what is payable.
    `estimates`: [day, component number, amount]; `billed`: [day, amount]; `fixed`: [day, total]; `credits`:
    [day, amount, reason] and, where it is later, the day of the right.
    """
    components = [component for component in components if component.kind in ROLE_OF_KIND]
    if not components:
        return []
    by_refund = sorted(components, key=lambda component: component.kind == "payable_to_customer")
    estimates, billed, fixed, credits = by_day(estimates), by_day(billed), by_day(fixed), by_day(credits)
    starts = {component.from_day for component in components if component.from_day is not None}
    amounts, standing, owed, movements, given, so_far, whole = {}, {}, {}, [], [], 0, 0
    for day in sorted(starts.union(estimates, billed, fixed, credits)):
        amounts.update(estimates.get(day, ()))
        so_far += sum(amount for (amount,) in billed.get(day, ()))
        whole = fixed.get(day, [[whole]])[-1][0]
        for component in components:
            amount = -amounts.get(component.number, 0)
            if component.from_day is not None:
                target = amount if day >= component.from_day else 0
            elif whole > 0:
                target = portion(amount, max(0, min(so_far, whole)), whole)
            else:
                target = amount if so_far > 0 else 0
            change = target - standing.get(component.number, 0)
            if change:
                standing[component.number] = target
                owed[component.number] = owed.get(component.number, 0) + change
                movements.append([day, component.number, ROLE_OF_KIND[component.kind], change])
        given = [row for row in given if row[0] >= day]
        for amount, reason, *until in credits.get(day, ()):
            given += [] if reason in NOT_EXPECTED else [[max([day, *map(int, until)]), amount, reason]]
        for row in given:
            for component in by_refund:
                settled = max(0, min(row[1], owed.get(component.number, 0)))
                if settled and (component.kind != "payable_to_customer" or row[2] == "rebate"):
                    owed[component.number] -= settled
                    row[1] -= settled
                    movements.append([day, component.number, ROLE_OF_KIND[component.kind], -settled])
    return movements


def position(day):
    """A day as a position in years of 360 days: the last day of a month is the month's end, others their beginning."""
    month_ends = first_day(month_of(day) + 1) == day + 1
    return index_360(day) - (0 if month_ends else 1)


def gap(payments, transfers):
    """The longest time between a payment and the transfer it pays for, in days of 360 a year, first for first."""
    longest, payments, transfers = 0, [list(row) for row in payments], [list(row) for row in transfers]
    while payments and transfers:
        part = min(payments[0][1], transfers[0][1])
        longest = max(longest, abs(position(payments[0][0]) - position(transfers[0][0])))
        for rows in (payments, transfers):
            rows[0][1] -= part
            if rows[0][1] <= 0:
                rows.pop(0)
    return longest


def financing(rate, payments, transfers, has_expedient):
    """A significant financing component (606-10-32-15): the change of the price, and the interest on the position.

    `rate`: effective annual rate as text; `payments`: [day, amount] agreed; `transfers`: [day, amount] of the nominal
    price as it is earned. Returns (change of the price, [[day, interest expense]]); interest income is negative.
    """
    payments, transfers = sorted(payments), sorted(transfers)
    if not payments or not transfers or (has_expedient and gap(payments, transfers) <= 360):
        return 0, []
    with localcontext() as context:
        context.prec = 50
        growth = 1 + Decimal(rate)

        def years(days):
            return context.divide(Decimal(days), Decimal(360))

        def present(rows):
            return sum(amount * growth ** -years(position(day)) for day, amount in rows)

        nominal = sum(amount for _, amount in transfers)
        # The rate is that of inception and never changes (32-20).
        factor = context.divide(present(payments), present(transfers))
        price = int((nominal * factor).to_integral_value("ROUND_HALF_UP"))
        flows = [[day, Decimal(amount)] for day, amount in payments]
        flows += [[day, -amount * factor] for day, amount in transfers]
        days = sorted({day for day, _ in flows})
        months = range(month_of(days[0]), month_of(days[-1]) + 1)
        ends = [first_day(month + 1) - 1 for month in months]
        balance, accrued, booked, interest, last = Decimal(0), Decimal(0), 0, [], position(days[0])
        for day in sorted(set(days) | set(ends)):
            gained = balance * (growth ** years(position(day) - last) - 1)
            balance, accrued, last = balance + gained, accrued + gained, position(day)
            balance += sum(amount for when, amount in flows if when == day)
            if day == ends[-1]:  # in all, what the price and the payments differ by
                accrued = Decimal(price - sum(amount for _, amount in payments))
            if day in ends:
                units = int(accrued.to_integral_value("ROUND_HALF_UP")) - booked
                booked += units
                interest.append([day, units])
        return price - nominal, [row for row in interest if row[1]]


class History:
    """The facts of a contract, sorted for the fold."""

    def __init__(self, facts):
        self.facts = facts
        self.contract = Contract(facts)
        rows, scopes = {}, {}
        for owner, key, *version in facts["scopes"]:
            scopes.setdefault((int(owner), *map(int, version)), set()).add(int(key))
        for row in facts["lines"]:
            kept, discounts = rows.setdefault((int(row[3]), int(row[0])), ([], []))
            if row[19]:
                key = int(row[1])
                named = scopes.get((key, int(row[0])), scopes.get((key,), set()))
                discounts.append([key, int(row[6]), int(row[3]), named])
            elif row[5] not in PRICED_BY_USE:
                kept.append(row)
        # Changes in the order in which they take effect, whatever the order in which they became known.
        versions = sorted(facts["versions"], key=lambda row: (row[2], row[1], int(row[0])))
        self.first, self.changes = {}, []
        for number, _, effective, treatment, contract, kind in versions:
            stated = rows.get((int(contract), int(number)), ([], []))
            if int(contract) not in self.first:
                self.first[int(contract)] = (int(number), effective, stated)
            else:
                event = len(self.changes) + 2
                self.changes.append([effective, event, int(number), int(contract), stated, treatment, kind])
        self.inception = min(effective for _, effective, _ in self.first.values())
        self.dates_of_versions()
        self.estimates = self.read_estimates(facts["estimates"])
        self.measured = {int(row[0]) for row in facts["progress"]}
        self.version = {contract: [number, "inception", {}] for contract, (number, _, _) in self.first.items()}
        self.fixed = []

    def dates_of_versions(self):
        """The pricing event and the day at which each component enters the contract: with its version and its lines."""
        entered = {}
        for event, day, (lines, _) in [
            *[(1, self.inception, stated) for _, _, stated in self.first.values()],
            *[(event, day, stated) for day, event, _, _, stated, *_ in self.changes],
        ]:
            for row in lines:
                entered.setdefault(int(row[1]), (event, day))
        events = {(contract, number): (event, day) for day, event, number, contract, *_ in self.changes}
        for row in self.facts["components"]:
            component = self.contract.components[int(row[0])]
            event, day = events.get((int(row[6]), component.origin), (1, self.inception))
            named = [entered[key] for key in component.scope if key in entered]
            component.origin, component.enters = max((event, day), min(named)) if named else (event, day)

    def read_estimates(self, rows):
        """[day, component, amount]: what was estimated before a component entered counts when it does."""
        latest = {}
        for number, day, amount in sorted(rows, key=lambda row: (row[1], int(row[0]))):
            day = max(day, self.contract.components[int(number)].enters)
            latest[day, int(number)] = int(amount)
        return sorted([day, number, amount] for (day, number), amount in latest.items())

    def days(self):
        days = {day for day, *_ in self.changes} | {day for day, *_ in self.estimates}
        days |= {row[1] for row in self.facts["progress"]}
        days |= {day for row in self.facts["lines"] for day in (row[11], row[12]) if day is not None}
        return sorted(days)

    def fold(self):
        contract = self.contract
        initial = {number: amount for day, number, amount in self.estimates if day <= self.inception}
        apart = {number for number, component in contract.components.items() if component.scope or component.is_apart}
        first = {key: stated for key, (_, _, stated) in self.first.items()}
        contract.inception(first, sum(amount for number, amount in initial.items() if number not in apart))
        self.finance()
        for number, amount in initial.items():
            contract.estimate(self.inception, number, amount)
        contract.refresh(self.inception, "schedule")
        self.remember_fixed(self.inception)
        for day in self.days():
            self.change_terms(day)
            changed = [row for row in self.estimates if row[0] == day and day > self.inception]
            for _, number, amount in changed:
                contract.estimate(day, number, amount)
            if changed:
                contract.refresh(day, "price_change")
            self.make_progress(day)
        contract.finish()
        for key, (number, treatment, recognized) in self.version.items():
            write_version(contract, key, number, treatment, recognized)
        for by_use in (False, True):  # what falls on lines priced by their use follows the bills of these lines
            billed = [[row[0], int(row[1])] for row in self.billing("billed", by_use)]
            credits = [[row[0], int(row[1]), *row[2::2]] for row in self.billing("credits", by_use)]
            components = [each for each in contract.components.values() if bool(each.by_use) == by_use]
            fixed = [] if by_use else self.fixed
            contract.movements += expected_back(components, self.estimates, billed, fixed, credits)
        for line in contract.lines.values():
            if line.refundable_after is not None and line.method == "straight_line":
                contract.movements += self.refundable(line)

    def billing(self, name, by_use):
        """The bills or credits of lines priced by their use, or of all others."""
        return [
            row for row in self.facts[name] if (row[3] is not None and int(row[3]) in self.contract.by_use) == by_use
        ]

    def change_terms(self, day):
        contract = self.contract
        for effective, event, number, key, stated, treatment, kind in self.changes:
            if effective != day:
                continue
            write_version(contract, key, *self.version[key])
            recognized = {
                line.key: contract.obligation(line).recognized_before(line, day) for line in contract.lines.values()
            }
            treatment = contract.change(day, event, key, stated, treatment, kind)
            contract.refresh(day, "modification")
            self.version[key] = [number, treatment, recognized] if treatment else [number, *self.version[key][1:]]
            self.remember_fixed(day)

    def remember_fixed(self, day):
        lines = sum(line.amount for line in self.contract.lines.values() if line.is_promised)
        self.fixed.append([day, lines + sum(discount[1] for discount in self.contract.discounts)])

    def make_progress(self, day):
        contract = self.contract
        for row in self.facts["progress"]:
            line = contract.lines.get(int(row[0]))
            if line is None or row[1] != day:
                continue
            obligation = contract.obligation(line)
            if line.expires is None or line.method != "units" or day <= line.expires:
                expected = None if row[3] is None else int(row[3])
                obligation.progress = (int(row[2]), expected, int(row[4]))
                contract.catch_up_progress(obligation, day, "schedule")
        for obligation in contract.obligations.values():
            if obligation.is_timed or obligation.delivered:
                continue
            line = obligation.promised()[0]
            unmeasured = not any(each.key in self.measured for each in obligation.lines)
            at_once = (
                line.method == "point_in_time" and unmeasured and line.satisfied is not None and line.satisfied <= day
            )
            lapses = line.method == "units" and line.expires is not None and line.expires <= day
            if line.is_promised and (at_once or lapses):
                obligation.delivered = True
                contract.catch_up_progress(obligation, day, "schedule" if at_once else "breakage")

    def refundable(self, line):
        """What was billed for service beyond the notice that ends the contract is a refund liability (606-10-32-10)."""
        alone = sum(each.is_promised for each in self.contract.lines.values()) == 1
        billed = [
            [row[0], int(row[1])]
            for row in self.billing("billed", False)
            if (row[3] is None and alone) or (row[3] is not None and int(row[3]) == line.key)
        ]
        earned, movements, standing = self.contract.timeline(line.key), [], 0
        last = max([line.to_day, *(day for day, _ in billed)])
        for month in range(month_of(min([line.from_day, *(day for day, _ in billed)])), month_of(last) + 1):
            day = first_day(month + 1) - 1
            paid = sum(amount for when, amount in billed if when <= day)
            target = max(0, paid - earned(day + int(line.refundable_after)))
            if target != standing:
                movements.append([day, line.key, "refund_liability", target - standing])
                standing = target
        return movements

    # Financing

    def finance(self):
        """Adjust the fixed price for the time value of money where a component says that it is significant.

        The interest accrues on what is paid less what is earned in the books: at the price that the allocation gives a
        line, after discounts and by standalone prices. So each line's price changes by the same part of itself.
        """
        contract = self.contract
        round_prices(list(contract.lines.values()))
        for row in self.facts["components"]:
            component = contract.components[int(row[0])]
            if component.kind != "financing" or row[7] is None:
                continue
            lines = [line for line in contract.lines.values() if not component.scope or line.key in component.scope]
            transfers = [transfer for line in lines for transfer in self.transfers(line)]
            payments = self.payments(component, lines)
            has_expedient = bool(contract.policy["financing_expedient"])
            change, interest = financing(row[7], payments, transfers, has_expedient)
            component.first_day, component.amount = self.inception, change
            weights = {line.key: line.price for line in lines if not line.is_reduction}
            component.add(by_weight(change, weights) if weights else {})
            for key, part in component.shares.items():
                contract.lines[key].price += part
            for day, expense in interest:
                role = "interest_expense" if expense > 0 else "interest_income"
                contract.movements.append([day, component.number, role, -expense])

    def payments(self, component, lines):
        """[day, amount]: the instalments that were agreed; where none were, what is due by bills, up to the price."""
        price, whole = (sum(line.allocated for line in some) for some in (lines, self.contract.lines.values()))
        of_line, of_all = Fraction(1), Fraction(1)
        if component.scope:  # a payment that names no line is for all of them, each at its price
            payable = sum(self.payable()[line.key] for line in lines)
            of_line = Fraction(price, payable) if payable else of_line
            of_all = Fraction(price, whole) if whole else of_all
        paid = {}
        for day, amount, _, key in self.facts["payments"] or self.billing("due", False):
            if key is None or not component.scope or int(key) in component.scope:
                paid[day] = paid.get(day, 0) + int(amount) * (of_all if key is None else of_line)
        days = sorted(paid)
        total = sum(paid.values(), Fraction(0))
        amounts = whole_units([paid[day] for day in days], rounded(total.numerator, total.denominator))
        payments = [[day, amount] for day, amount in zip(days, amounts, strict=True)]
        return payments if self.facts["payments"] else self.up_to(price, payments)

    @staticmethod
    def up_to(price, payments):
        kept = []
        for day, amount in payments:
            if min(amount, price) > 0:
                kept.append([day, min(amount, price)])
                price -= min(amount, price)
        return kept

    def payable(self):
        """What the customer is asked to pay for each line: its amount, less its part of the discounts by amount."""
        lines, scopes = self.contract.lines, self.contract.scopes
        amounts = {key: Fraction(line.amount) for key, line in lines.items()}
        for discount, amount, *_ in self.contract.discounts:
            named = {key: lines[key].amount for key in scopes.get(discount) or lines if key in lines}
            for key, part in by_weight(amount, named).items() if named else ():
                amounts[key] += part
        return amounts

    def transfers(self, line):
        """[day, amount]: the nominal price of a line as it is expected to be earned."""
        policy, amount = self.contract.policy, line.allocated
        if line.method == "straight_line":
            ends = [first_day(month + 1) - 1 for month in range(month_of(line.from_day), month_of(line.to_day))]
            rules = policy["convention"], policy["days_rule"], line.from_day, line.to_day
            rows = [[day, cumulative(amount, *rules, day)] for day in [*ends, line.to_day]]
        else:
            obligation = self.contract.obligation(line)
            progress = sorted(
                (row for row in self.facts["progress"] if int(row[0]) == line.key), key=lambda row: row[1]
            )
            rows = []
            for _, day, to_date, expected, _ in progress:
                obligation.progress = (int(to_date), None if expected is None else int(expected), 0)
                part = obligation.done(int(to_date)) * amount
                rows.append([day, part.numerator // part.denominator])
            obligation.progress = (0, None, 0)
            if not rows or rows[-1][1] < amount:
                days = (line.satisfied,) if line.method == "point_in_time" else (line.to_day, line.satisfied)
                last = next(day for day in (*days, self.inception) if day is not None)
                rows.append([max([last] + [row[0] for row in rows]), amount])
        return [
            [day, total - before] for (day, total), before in zip(rows, [0, *(row[1] for row in rows)], strict=False)
        ]


def fold_contract(facts):
    """Fold the history of one contract, or of contracts that are combined. JSON text in and out; null stays null.

    In, every list a row of plain values, money in minor units, quantities in millionths, days since 1970-01-01:
    "policy": {convention, days_rule, modification, progress_rounding, breakage, material_right_exercise,
    financing_expedient, book};
    "versions": [version, agreed_day, effective_day, treatment or null, contract_key, change];
    "lines": [version, line_key, seq, contract_key, obligation_key, method, amount, quantity, ssp, from_day, to_day,
    satisfied_day, expires_day, not_before_day, residual_weight, fallback_ssp, low, high, exercises_line_key,
    is_discount, refundable_after_days or null, is_other_product than in the version before];
    "scopes": [discount, line_key, version] and [component, line_key];
    "progress": [line_key, day, to_date, expected, at_cost];
    "components": [component, kind, origin_version, from_day, to_day, is_exclusive, contract_key, rate];
    "estimates": [component, day, amount]; "billed", "credits", "due" (bills by the day they are due) and, as agreed,
    "payments": [day, amount, reason, line_key or null], of a credit before the right also the day of the right.

    Out: "slices": [schedule_key, slice_from_day, slice_to_day, schedule_from_day, schedule_to_day, schedule_minor,
    convention, days_rule, not_before_day, cause]; "days": [line_key, day, amount, cause]; "shares": [schedule_key,
    line_key, line_count, whole, upto, before], the one line whole where it is alone;
    "prices": [contract_key, version, line_key, component, ssp, weight, amount, basis]; "promises": [contract_key,
    version, obligation_key, allocated, recognized_before, treatment]; "movements": [day, component or line, role,
    credit] against contract liability. Raises ValueError on what it does not know.
    """
    if facts is None:
        return None
    history = History(json.loads(facts))
    history.fold()
    contract = history.contract
    told = {
        "slices": contract.slices,
        "days": [[key, day, amount, cause] for (key, day, cause), amount in contract.days.items() if amount],
        "shares": [[*keys, *share] for keys, share in contract.shares.items()],
        "prices": contract.prices,
        "promises": contract.promises,
        "movements": contract.movements,
    }
    return json.dumps(told, separators=(",", ":"))
