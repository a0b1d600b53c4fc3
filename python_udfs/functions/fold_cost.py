"""Made by `python -m python_udfs.bundle` from python_udfs/parts (schedule, cost): edit those."""

import datetime
import json


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


class Track:
    """A carrying amount that is amortised: the schedule in force, and the slices of those before it."""

    def __init__(self, amount, from_day, to_day, capitalized_day, convention, days_rule):
        self.amount, self.from_day, self.to_day = amount, from_day, to_day
        self.not_before_day = capitalized_day
        self.rules = (convention, days_rule)
        self.slices = []

    def carrying(self, day):
        """What is left at the end of `day`."""
        term = (self.from_day, self.to_day, day, self.not_before_day)
        return self.amount - cumulative(self.amount, *self.rules, *term)

    def respread(self, day, amount, to_day):
        """From `day` on `amount` is left, over what remains of the term through `to_day`."""
        begins = self.from_day if self.not_before_day is None else max(self.from_day, self.not_before_day)
        if day > begins:
            self.close(min(day - 1, self.to_day))
            self.from_day, self.not_before_day = day, None
        self.amount, self.to_day = amount, max(to_day, self.from_day)

    def close(self, day):
        schedule = [self.from_day, self.to_day, self.amount, *self.rules, self.not_before_day]
        if self.amount:
            self.slices.append([self.from_day, self.to_day if day >= self.to_day else day, *schedule])


def fold_cost(facts):
    """Apply the events in order; `facts` and the result are JSON texts, null gives null.

    facts:  {"cost": [amount, convention, days_rule, from_day, to_day, capitalized_day, is_reversible],
             "events": [[event_no, day, kind, amount, to_day], ...]}
    kinds:  recoverable_amount, clawback, write_off (all where amount is null), termination, extend, shorten
    result: {"slices": [[slice_from, slice_to, schedule_from, schedule_to, amount, convention, days_rule, not_before],
             ...], "movements": [[event_no, role, amount], ...]}, debits positive; the role `counterpart` is whoever
             pays back.
    """
    if facts is None:
        return None
    given = json.loads(facts)
    amount, convention, days_rule, from_day, to_day, capitalized_day, is_reversible = given["cost"]
    start = (amount, from_day, to_day, capitalized_day, convention, days_rule)
    # The second track never sees an impairment: it is the cap of a reversal (IFRS 15.104).
    asset, unimpaired = Track(*start), Track(*start)
    movements = []
    for event_no, day, kind, named, new_to_day in given["events"]:
        try:
            for role, moved in apply(asset, unimpaired, day, kind, named, new_to_day, is_reversible):
                if moved:
                    movements.append([event_no, role, moved])
        except ValueError as error:
            raise ValueError("event " + str(event_no) + ": " + str(error)) from error
    asset.close(asset.to_day)
    return json.dumps({"slices": asset.slices, "movements": movements}, separators=(",", ":"))


def apply(asset, unimpaired, day, kind, named, new_to_day, is_reversible):
    """What one event does to both tracks; its postings as (role, amount)."""
    left, cap = asset.carrying(day - 1), unimpaired.carrying(day - 1)
    if kind in ("extend", "shorten"):
        to_day = min(asset.to_day, new_to_day) if kind == "shorten" else max(new_to_day, day)
        if to_day != asset.to_day:
            asset.respread(day, left, to_day)
            unimpaired.respread(day, cap, to_day)
        return []
    if kind == "recoverable_amount":
        change = min(max(named, 0), cap if is_reversible else left) - left
        if change:
            asset.respread(day, left + change, asset.to_day)
        return [("contract_cost_asset", change), ("cost_impairment", -change)]
    known(kind, {"clawback", "write_off", "termination"}, "kind of event")
    wanted = left if named is None else named
    taken = min(wanted, left)
    lost = min(wanted, cap) if kind == "clawback" else cap if taken == left else taken
    asset.respread(day, left - taken, asset.to_day)
    unimpaired.respread(day, cap - lost, unimpaired.to_day)
    if kind == "clawback":
        # What was amortised already comes back as less of an expense.
        return [("counterpart", wanted), ("contract_cost_asset", -taken), ("cost_amortization", taken - wanted)]
    return [("cost_impairment", taken), ("contract_cost_asset", -taken)]
