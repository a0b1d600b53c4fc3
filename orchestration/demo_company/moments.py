"""Dates for business facts, whole UTC seconds since 1970 for when they became known."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

DAY = 86_400


def seconds(day: date, hour: int = 0, minute: int = 0) -> int:
    """The moment on a day, in UTC seconds since 1970."""
    return calendar.timegm((day.year, day.month, day.day, hour, minute, 0))


def day_of(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def parse_moment(text: str) -> int:
    """Seconds of an ISO date or timestamp; without an offset it is UTC. Raises ValueError for anything else."""
    parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())


def add_months(anchor: date, months: int) -> date:
    """The anchor day in a later month, or that month's last day. Count from the anchor, never from the result."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))


def last_day_of_term(start: date, months: int) -> date:
    """The inclusive end of a term of whole months."""
    return add_months(start, months) - timedelta(days=1)


def salesforce_moment(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def gocardless_moment(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
