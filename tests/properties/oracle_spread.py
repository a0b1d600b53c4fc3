"""How an amount reaches its days: plain loops, exact fractions, one rounding at a time. Part of the oracle."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

DAY = timedelta(days=1)
CONVENTIONS = (
    "daily",
    "monthly_prorated_ends",
    "monthly_from_start",
    "monthly_by_term",
    "monthly_even",
    "thirty_360",
)


def half_away(value: Fraction) -> int:
    """The nearest whole unit; a half goes away from zero."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))


def truncated(value: Fraction) -> int:
    """The whole units, towards zero."""
    sign = -1 if value < 0 else 1
    return sign * (abs(value.numerator) // value.denominator)


def largest_remainder(exact: Sequence[Fraction]) -> list[int]:
    """Whole units for shares of a whole: floors, then one unit each to the largest fractions, in their order."""
    total = sum(exact, Fraction(0))
    assert total.denominator == 1, "only a whole amount can be handed out in whole units"
    if total < 0:
        return [-part for part in largest_remainder([-share for share in exact])]
    floors = [share.numerator // share.denominator for share in exact]
    left = int(total) - sum(floors)
    order = sorted(range(len(exact)), key=lambda n: (floors[n] - exact[n], n))
    for n in order[:left]:
        floors[n] += 1
    return floors


def days(first: date, last: date) -> Iterator[date]:
    """Every day of a term, both ends included."""
    while first <= last:
        yield first
        first += DAY


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def days_in_month(month: int) -> int:
    return calendar.monthrange(month // 12, month % 12 + 1)[1]


def index_360(day: date) -> int:
    """Days when every month has thirty: the 31st adds nothing, a short February's last day makes up for the missing."""
    last = day.day == days_in_month(month_of(day))
    return month_of(day) * 30 + (30 if last else min(day.day, 30))


@lru_cache(maxsize=4096)
def months_of(first: date, last: date) -> dict[int, int]:
    """Service days by month, counted one after the other."""
    count: dict[int, int] = {}
    for day in days(first, last):
        count[month_of(day)] = count.get(month_of(day), 0) + 1
    return count


def month_weights(convention: str, first: date, last: date) -> dict[int, Fraction]:
    """What each month of a term weighs under a monthly convention."""
    count = months_of(first, last)
    if convention == "monthly_prorated_ends":
        return {month: Fraction(served, days_in_month(month)) for month, served in count.items()}
    if convention == "monthly_even":
        return dict.fromkeys(count, Fraction(1))
    if convention == "monthly_from_start":
        before = month_of(last + DAY)
        counted = [month for month in count if month < before] or [month_of(first)]
        return {month: Fraction(month in counted) for month in count}
    raise AssertionError(convention)


def measure(convention: str, first: date, last: date) -> Fraction:
    """How much service a term holds: days, days of thirty-day months, or months, as the convention counts them."""
    if last < first:
        return Fraction(0)
    if convention in ("daily", "monthly_by_term"):
        return Fraction((last - first).days + 1)
    if convention == "thirty_360":
        return Fraction(index_360(last) - index_360(first) + 1)
    return sum(month_weights(convention, first, last).values(), Fraction(0))


def month_amounts(amount: int, convention: str, first: date, last: date) -> dict[int, int]:
    """What each month of a term gets."""
    count = months_of(first, last)
    if convention == "monthly_by_term":
        return _by_term(amount, count)
    weights = month_weights(convention, first, last)
    whole, earned, so_far, result = sum(weights.values(), Fraction(0)), 0, Fraction(0), {}
    for month, weight in weights.items():
        so_far += weight
        through = half_away(amount * so_far / whole)
        result[month] = through - earned
        earned = through
    return result


def _by_term(amount: int, count: dict[int, int]) -> dict[int, int]:
    """First and last month by their days; whole months between equal and truncated, the last takes the rest."""
    months, length = list(count), sum(count.values())
    if len(months) == 1:
        return {months[0]: amount}
    head = half_away(Fraction(amount * count[months[0]], length))
    if len(months) == 2:
        return {months[0]: head, months[1]: amount - head}
    tail = half_away(Fraction(amount * count[months[-1]], length))
    between = months[1:-1]
    each = truncated(Fraction(amount - head - tail, len(between)))
    result = {months[0]: head, **dict.fromkeys(between, each), months[-1]: tail}
    result[between[-1]] += amount - sum(result.values())
    return result


@lru_cache(maxsize=8192)
def straight_line(amount: int, convention: str, days_rule: str, first: date, last: date) -> dict[date, int]:
    """The cumulative amount after each day of a term."""
    result: dict[date, int] = {}
    if convention in ("daily", "thirty_360"):
        whole = measure(convention, first, last)
        for day in days(first, last):
            result[day] = half_away(amount * measure(convention, first, day) / whole)
        return result
    count, earned = months_of(first, last), 0
    for month, part in month_amounts(amount, convention, first, last).items():
        for n in range(1, count[month] + 1):
            if days_rule == "truncated":
                within = part if n == count[month] else n * truncated(Fraction(part, count[month]))
            else:
                within = half_away(Fraction(part * n, count[month]))
            result[first + DAY * len(result)] = earned + within
        earned += part
    return result


def spread(amount: int, convention: str, days_rule: str, first: date, last: date, day: date) -> int:
    """What of an amount is earned through a day."""
    if day < first:
        return 0
    return amount if day >= last else straight_line(amount, convention, days_rule, first, last)[day]


def daily(cumulative: Callable[[date], int], first: date, last: date) -> dict[date, int]:
    """The amounts of the days on which something is earned."""
    earned, result = 0, {}
    for day in days(first, last):
        through = cumulative(day)
        if through != earned:
            result[day] = through - earned
            earned = through
    return result
