"""What a raw table holds: declared columns, and how an object of a vendor becomes one flat row of them.

Nothing here may fail on what a vendor answers. A value that cannot be read leaves its column empty and names itself in
the row's `_rejected_*` columns; a field nobody declared, or one of another type than declared, is drift.
Objects are JSON parsed with decimals, so no amount passes through a float.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cached_property
from typing import Any

Object = Mapping[str, Any]
Row = dict[str, Any]

_EPOCH = dt.datetime(1970, 1, 1)
_LARGEST = 2**63 - 1
_PLACES = Decimal("1e-9")
_OTHER_SHAPE = "has another shape than declared"


class Kind(Enum):
    """A column's type: dlt's hint and DuckDB's type. Decimals have nine places, moments are UTC without an offset."""

    TEXT = ({"data_type": "text"}, "varchar")
    WHOLE = ({"data_type": "bigint"}, "bigint")
    NUMBER = ({"data_type": "decimal", "precision": 28, "scale": 9}, "decimal(28, 9)")
    FLAG = ({"data_type": "bool"}, "boolean")
    DAY = ({"data_type": "date"}, "date")
    MOMENT = ({"data_type": "timestamp", "timezone": False, "precision": 6}, "timestamp")

    @property
    def hint(self) -> dict[str, Any]:
        return self.value[0]

    @property
    def duckdb_type(self) -> str:
        return self.value[1]


class Unreadable(ValueError):
    """Why a value does not fit its column."""


def _text(value: Any) -> str | None:
    if isinstance(value, dict | list):
        raise Unreadable("is not text")
    return (value if isinstance(value, str) else str(value)) or None


def _document(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Unreadable("is not a number")
    try:
        number = Decimal(value)
        if number.is_finite() and number == number.quantize(_PLACES):
            return number.quantize(_PLACES)
    except InvalidOperation:
        pass
    raise Unreadable("is not a number with at most 19 digits and 9 decimal places")


def _whole(value: Any) -> int:
    if type(value) is int and -_LARGEST <= value <= _LARGEST:
        return value
    try:
        number = _number(value)
    except Unreadable:
        raise Unreadable("is not a whole number") from None
    if number != number.to_integral_value() or abs(number) > _LARGEST:
        raise Unreadable("is not a whole number")
    return int(number)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unreadable("is not true or false")
    return value


def _seconds(value: Any) -> dt.datetime:
    try:
        return _EPOCH + dt.timedelta(seconds=_whole(value))
    except OverflowError:
        raise Unreadable("is not a moment in seconds since 1970") from None


def _moment(value: Any) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("is not an ISO date and time") from None
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _day(value: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("is not an ISO date") from None


def at(path: str) -> Callable[[Object], Any]:
    """The value at a dotted path; empty where a step is missing or empty. Raises AttributeError below a plain value."""
    first, *rest = path.split(".")
    if not rest:
        return lambda source: source.get(first)

    def read(source: Object) -> Any:
        value = source.get(first)
        for step in rest:
            if value is None:
                return None
            value = value.get(step)
        return value

    return read


@dataclass(frozen=True)
class Column:
    """`of` finds the value in an object, `convert` reads it; `types` are the JSON types it is declared to have."""

    name: str
    kind: Kind
    of: Callable[[Object], Any]
    convert: Callable[[Any], Any]
    types: tuple[type, ...] = ()
    path: str = ""
    required: bool = False


def _declared(kind: Kind, convert: Callable[[Any], Any], *types: type) -> Callable[..., Column]:
    def column(name: str, path: str = "", required: bool = False) -> Column:
        return Column(name, kind, at(path or name), convert, types, path or name, required)

    return column


text = _declared(Kind.TEXT, _text, str)
document = _declared(Kind.TEXT, _document, dict, list)
whole = _declared(Kind.WHOLE, _whole, int)
number = _declared(Kind.NUMBER, _number, int, Decimal)
number_text = _declared(Kind.NUMBER, _number, str)
number_or_text = _declared(Kind.TEXT, _text, int, Decimal, str)
flag = _declared(Kind.FLAG, _flag, bool)
seconds = _declared(Kind.MOMENT, _seconds, int)
moment = _declared(Kind.MOMENT, _moment, str)
day = _declared(Kind.DAY, _day, str)


def computed(name: str, kind: Kind, of: Callable[[Object], Any]) -> Column:
    """A column worked out from several fields; `of` gives the final value."""
    return Column(name, kind, of, lambda value: value)


@dataclass(frozen=True)
class Drift:
    """A vendor's answer that is not what was declared. `observed` is the JSON type that was met."""

    table: str
    field: str
    kind: str  # unknown_field, changed_type, missing_field
    observed: str
    example_id: str

    def __str__(self) -> str:
        what = {
            "unknown_field": f"{self.field} is a field nobody declared ({self.observed})",
            "changed_type": f"{self.field} came as {self.observed}",
            "missing_field": f"{self.field} is missing",
        }
        return f"{self.table}: {what[self.kind]}, first seen in {self.example_id}"


# Columns of every raw table, after the vendor's own.
ADDED = {
    "is_deleted": Kind.FLAG,
    "_version": Kind.WHOLE,  # 1, 2, … of this object
    "_content_hash": Kind.TEXT,
    "_recorded_at": Kind.MOMENT,  # when the books learned this version
    "_loaded_at": Kind.MOMENT,
    "_rejected_column": Kind.TEXT,  # the first value of the row that could not be read
    "_rejected_value": Kind.TEXT,
    "_rejected_reason": Kind.TEXT,
}
# Where the object a child row belongs to is found while the row is read.
PARENT = "_parent"
_NEVER_EMPTY = ("id", "is_deleted", "_version", "_content_hash", "_recorded_at", "_loaded_at")
JSON_TYPES = {str: "text", int: "integer", Decimal: "decimal", bool: "boolean", dict: "object", list: "list"}


@dataclass(frozen=True)
class Table:
    """One raw table; its grain is (id, _version).

    columns: `id` is among them. fields: every field the vendor documents; empty = unknown fields are not looked for.
    created: the column that dates what happened before the first load. unhashed: columns that make no new version.
    """

    name: str
    columns: tuple[Column, ...]
    fields: frozenset[str] = frozenset()
    created: str = "created"
    unhashed: frozenset[str] = frozenset()

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """Column name to kind, in the table's order."""
        return {column.name: column.kind for column in self.columns} | ADDED

    @cached_property
    def hints(self) -> dict[str, dict[str, Any]]:
        """dlt's `columns` for the resource."""
        return {name: {**kind.hint, "nullable": name not in _NEVER_EMPTY} for name, kind in self.kinds.items()}

    def row(self, source: Object, drift: Callable[[Drift], None]) -> Row | None:
        """The object as a row without version and dates; None when it has no id."""
        object_id = source.get("id") or source.get("Id")
        if not object_id:
            drift(Drift(self.name, "id", "missing_field", "nothing", "an object without an id"))
            return None
        row: Row = {"is_deleted": bool(source.get("deleted") or source.get("IsDeleted"))}
        problem: tuple[str | None, ...] = (None, None, None)
        for column in self.columns:
            raw, value, reason = _read(column, source)
            if raw is None and column.required and not row["is_deleted"]:
                reason = "is missing"
                drift(Drift(self.name, column.path, "missing_field", "nothing", object_id))
            elif reason == _OTHER_SHAPE or (raw is not None and column.types and type(raw) not in column.types):
                drift(Drift(self.name, column.path or column.name, "changed_type", _type_name(raw), object_id))
            row[column.name] = value
            if reason and problem[0] is None:
                problem = (column.name, _shown(raw), f"{column.path or column.name} {reason}")
        row["_rejected_column"], row["_rejected_value"], row["_rejected_reason"] = problem
        if self.fields:
            for name in source.keys() - self.fields - {PARENT}:
                drift(Drift(self.name, name, "unknown_field", _type_name(source[name]), object_id))
        return row


def _read(column: Column, source: Object) -> tuple[Any, Any, str]:
    """The raw value, the value, and why there is none."""
    raw = source
    try:
        raw = column.of(source)
        return raw, None if raw is None else column.convert(raw), ""
    except Unreadable as error:
        return raw, None, str(error)
    except (AttributeError, KeyError, TypeError, ValueError):
        # A nested value that is not an object any more; the value shown is the nearest one there is.
        raw = source.get(column.path.split(".")[0]) if column.path else None
        return raw, None, _OTHER_SHAPE


def _shown(raw: Any) -> str | None:
    if raw is None or isinstance(raw, str):
        return raw
    return _document(raw)[:200]


def _type_name(value: Any) -> str:
    return JSON_TYPES.get(type(value), "nothing")


DRIFT = Table(
    "schema_drift",
    tuple(text(name) for name in ("id", "table_name", "field", "kind", "observed", "example_id")),
    unhashed=frozenset({"example_id"}),
)


def content_hash(row: Row, without: frozenset[str] = frozenset()) -> str:
    """The same for the same content; empty columns do not count, so a column added later changes nothing by itself."""
    content = {name: value for name, value in row.items() if value is not None and name not in without}
    return hashlib.blake2b(_document(content).encode(), digest_size=16).hexdigest()
