"""Reading one cell: text in, a typed value out, or a reason a person can act on."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.defs.ingest.file_drop.schema import Column, Kind

# Fiscal periods exist for these years only, so a date outside them could be recognised nowhere.
FIRST_YEAR, LAST_YEAR = 1990, 2100
DECIMAL_PLACES = 9
# One percent a month is a rate of 0.126825030131969720661201 a year: a rate that is raised to a power needs its digits.
RATE_PLACES = 24
# An exchange rate is multiplied by an amount, within 38 digits (macros/money/translated.sql).
FX_RATE_PLACES = 18
# Below it, minor units fit a BIGINT in every currency; SQL, which knows the currency of a line, checks the rest.
AMOUNT_LIMIT = Decimal(10) ** 13
NUMBER_LIMIT = Decimal(10) ** 18
RATE_LIMIT = Decimal(1000)
FX_RATE_LIMIT = Decimal(10) ** 9
# What the Parquet reader appends to a float, so that it is refused as one.
FLOAT_MARK = " (float)"

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2]|P(0[1-9]|1[0-3]))")


class CellError(ValueError):
    """The cell cannot be what its column declares; the message says why and what to write."""


def parser_of(column: Column) -> Callable[[str], Any]:
    """The function that turns a non-blank, trimmed cell of this column into its value or raises CellError."""
    if column.words:
        return lambda text: _word(column, text)
    return lambda text: _PARSERS[column.kind](column.name, text)


def default_of(column: Column) -> Any:
    """What a blank cell of this column stands for; None when nothing does."""
    return None if column.default is None else parser_of(column)(column.default)


def nearest(text: str, choices: tuple[str, ...] | list[str]) -> str:
    """`; did you mean 'x'?` when one of the choices is close, else nothing."""
    close = difflib.get_close_matches(text, choices, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _word(column: Column, text: str) -> str:
    if text in column.words:
        return text
    allowed = ", ".join(column.words)
    raise CellError(f"{column.name} '{text}' is not one of: {allowed}{nearest(text.lower(), column.words)}")


def _text(name: str, text: str) -> str:
    return text


def _decimal(name: str, text: str, limit: Decimal, places: int = DECIMAL_PLACES) -> Decimal:
    if text.endswith(FLOAT_MARK):
        raise CellError(
            f"{name} is stored as a float, which cannot hold cents exactly; store it as a decimal or as text"
        )
    if not _NUMBER.fullmatch(text):
        raise CellError(
            f"{name} '{text}' is not a number; write it like 1234.50, with a point and without separators or currency"
        )
    value = Decimal(text)
    if abs(value) >= limit:
        raise CellError(f"{name} '{text}' is too large; it must be below {limit:,.0f}")
    stored = value.quantize(Decimal(1).scaleb(-places))
    if value != stored:
        raise CellError(f"{name} '{text}' has more than {places} digits after the point")
    return stored


def _money(name: str, text: str) -> Decimal:
    return _decimal(name, text, AMOUNT_LIMIT)


def _number(name: str, text: str) -> Decimal:
    return _decimal(name, text, NUMBER_LIMIT)


def _rate(name: str, text: str) -> Decimal:
    return _decimal(name, text, RATE_LIMIT, RATE_PLACES)


def _fx_rate(name: str, text: str) -> Decimal:
    return _decimal(name, text, FX_RATE_LIMIT, FX_RATE_PLACES)


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise CellError(f"{name} '{text}' is not a whole number; write it like 12")
    return int(text)


def _boolean(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise CellError(f"{name} '{text}' is neither true nor false")
    return text.lower() == "true"


def _any_date(name: str, text: str) -> dt.date:
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CellError(f"{name} '{text}' is not in the calendar: {error}") from error
    raise CellError(f"{name} '{text}' is not a date; write it like 2026-01-31")


def _date(name: str, text: str) -> dt.date:
    value = _any_date(name, text)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise CellError(f"{name} '{text}' is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _timestamp(name: str, text: str) -> dt.datetime:
    try:
        if _TIMESTAMP.fullmatch(text):
            value = dt.datetime.fromisoformat(text)
            return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    except (ValueError, OverflowError) as error:
        raise CellError(f"{name} '{text}' is not in the calendar: {error}") from error
    raise CellError(f"{name} '{text}' is not a timestamp; write it like 2026-01-31T09:30:00Z")


def _month_day(name: str, text: str) -> str:
    try:
        dt.date.fromisoformat(f"2001-{text}")  # a year without 29 February: every year must have the day
    except ValueError as error:
        raise CellError(f"{name} '{text}' is not a month and day of every year; write it like 04-01") from error
    return text


def _timezone(name: str, text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise CellError(f"{name} '{text}' is not an IANA time zone; write it like Europe/Berlin") from error
    return text


def _period(name: str, text: str) -> str:
    if not _PERIOD.fullmatch(text):
        raise CellError(f"{name} '{text}' is not a fiscal period; write it like 2026-03 or 2026-P03")
    return text


_PARSERS: dict[Kind, Callable[[str, str], Any]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.OPEN_DATE: _any_date,
    Kind.TIMESTAMP: _timestamp,
    Kind.MONEY: _money,
    Kind.NUMBER: _number,
    Kind.RATE: _rate,
    Kind.FX_RATE: _fx_rate,
    Kind.WHOLE: _whole,
    Kind.BOOLEAN: _boolean,
    Kind.MONTH_DAY: _month_day,
    Kind.TIMEZONE: _timezone,
    Kind.PERIOD: _period,
}
