"""Days, months and rounding: how much of an amount is earned by a day, in closed form; parts of wholes.

Money is integer minor units of one currency; days count from 1970-01-01.
"""

import datetime

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
