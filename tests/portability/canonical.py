"""One text for a table, whichever engine gives it: the same rows have the same text and the same hash.

Standard library only, because the engines' own environments import it. A row is its values in the order of their
column names; the rows are sorted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def text_of(value: Any) -> str:
    """12.50 and 12.5 are one amount and 12 is 12.0, dates are ISO and moments UTC; a float is like no number."""
    if value is None:
        return "∅"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, datetime):
        return (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f"{type(value).__name__} {value!r}"


def lines_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """The column names, then every row; tabs between the values."""
    names = [column.lower() for column in columns]
    order = sorted(range(len(names)), key=names.__getitem__)
    body = sorted("\t".join(text_of(row[index]) for index in order) for row in rows)
    return ["\t".join(names[index] for index in order), *body]


def hash_of(lines: Iterable[str]) -> str:
    """The canonical hash of a table."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
