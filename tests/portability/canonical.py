"""One text for a table, whichever engine gives it: the same rows have the same text and the same hash.

Standard library only, because the engines' own environments import it. A row is its values in the order of their
column names; the rows are sorted. What a run or an engine makes up for itself is only there or not: a hash that no
other engine computes, the moment of an action, the name of a run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

MOMENTS = frozenset({"approved_at", "posted_at", "decided_at", "happened_at", "at", "at_text"})
HASHES = frozenset({"fingerprint", "draft_state", "row_hash", "previous_hash", "hash", "build_id"})
# How a decimal or a moment reads as text differs between engines, and these hash such texts.
TEXT_HASHES = {"ops.posted_batches": {"content_hash"}, "ops.lock_snapshots": {"content_hash"}}
NAMES_OF_RUNS = [
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "a run"),
    (re.compile(r"(?<=:\d{4}-\d{2}:)[0-9a-f]{8}\b"), "a run"),
    (re.compile(r"\b(content|snapshots)( \d+:\d+)+"), r"\1 hashed"),
]


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
        return _quoted(value)
    return f"{type(value).__name__} {value!r}"


@cache
def _quoted(value: str) -> str:
    """Few texts of a ledger are its only ones."""
    for name, instead in NAMES_OF_RUNS:
        value = name.sub(instead, value)
    return "'" + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def lines_of(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """The column names of the table schema.name, then every row; tabs between the values."""
    names = [column.lower() for column in columns]
    own = MOMENTS | HASHES | TEXT_HASHES.get(name, set())
    order = sorted(range(len(names)), key=names.__getitem__)
    body = sorted("\t".join(_said(names[index], row[index], own) for index in order) for row in rows)
    return ["\t".join(names[index] for index in order), *body]


def _said(name: str, value: Any, own: AbstractSet[str]) -> str:
    return "own" if name in own and value is not None else text_of(value)


def hash_of(lines: Iterable[str]) -> str:
    """The canonical hash of a table."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
