"""What a contract promises and how each promise is satisfied: lines, obligations and their schedules.

Money is integer minor units; shares of the price are exact fractions until they are rounded once, by largest
remainder. Days count from 1970-01-01; an event counts from the start of its day, so what was recognised before it is
what was recognised through the day before.
"""

from fractions import Fraction

from python_udfs.parts.schedule import cumulative, first_day, index_360, month_of, portion, rounded

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
