"""The part of SOQL that reads of one object need: SELECT … FROM … WHERE … AND … ORDER BY … LIMIT n."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .moments import parse_moment
from .salesforce_schema import OBJECTS, fields_of

_QUERY = re.compile(
    r"\s*select\s+(?P<fields>.+?)\s+from\s+(?P<kind>\w+)"
    r"(?:\s+where\s+(?P<where>.+?))?(?:\s+order\s+by\s+(?P<order>.+?))?(?:\s+limit\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\s*(?P<field>\w+)\s*(?P<operator><=|>=|!=|=|<|>)\s*(?P<value>'(?:[^'\\]|\\.)*'|\S+)\s*")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class SoqlError(ValueError):
    """`code` is Salesforce's: MALFORMED_QUERY, INVALID_TYPE or INVALID_FIELD."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Query:
    fields: list[str]
    kind: str
    conditions: list[tuple[str, str, Any]]
    order: list[tuple[str, bool]]
    limit: int | None
    counts_only: bool = False

    def select(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows that meet every condition, in the asked order."""
        types = fields_of(self.kind)
        rows = [row for row in rows if all(_holds(row, types, *condition) for condition in self.conditions)]
        for name, descending in reversed(self.order):
            rows.sort(key=lambda row: _sortable(row.get(name), types[name]), reverse=descending)
        return rows[: self.limit]


def parse(text: str) -> Query:
    """Raises SoqlError where Salesforce would answer 400."""
    match = _QUERY.fullmatch(text)
    if not match:
        raise SoqlError("MALFORMED_QUERY", f"unexpected token in: {text[:80]}")
    kind = next((name for name in OBJECTS if name.lower() == match["kind"].lower()), None)
    if kind is None:
        raise SoqlError("INVALID_TYPE", f"sObject type '{match['kind']}' is not supported.")
    counts_only = match["fields"].replace(" ", "").lower() == "count()"
    fields = [] if counts_only else [_known(kind, name.strip()) for name in match["fields"].split(",")]
    conditions = [_condition(kind, part) for part in re.split(r"\s+and\s+", match["where"] or "", flags=re.I) if part]
    order = [_order(kind, part) for part in (match["order"] or "").split(",") if part]
    return Query(fields, kind, conditions, order, int(match["limit"]) if match["limit"] else None, counts_only)


def _known(kind: str, name: str) -> str:
    known = next((field for field in fields_of(kind) if field.lower() == name.lower()), None)
    if known is None:
        raise SoqlError("INVALID_FIELD", f"No such column '{name}' on entity '{kind}'.")
    return known


def _condition(kind: str, text: str) -> tuple[str, str, Any]:
    match = _CONDITION.fullmatch(text)
    if not match:
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: {text.strip()}")
    name = _known(kind, match["field"])
    return name, match["operator"], _literal(match["value"], name, fields_of(kind)[name])


def _literal(value: str, name: str, type_: str) -> Any:
    if value.lower() == "null":
        return None
    if value.startswith("'") != (type_ not in ("datetime", "date", "boolean", "double", "currency", "int")):
        raise SoqlError("INVALID_FIELD", f"{name}: value of filter criterion for field must be of type {type_}")
    try:
        if type_ == "datetime":
            return parse_moment(value)
        if type_ in ("double", "currency", "int"):
            return float(value)
    except ValueError as error:
        raise SoqlError("MALFORMED_QUERY", f"{name}: {value} is not a {type_}") from error
    if type_ == "boolean":
        return value.lower() == "true"
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith("'") else value


def _holds(row: dict[str, Any], types: dict[str, str], name: str, operator_: str, expected: Any) -> bool:
    actual = row.get(name)
    if actual is None or expected is None:
        return operator_ in ("=", "!=") and (actual is expected) == (operator_ == "=")
    actual = parse_moment(actual) if types[name] == "datetime" else actual
    return _OPERATORS[operator_](actual, expected)


def _order(kind: str, text: str) -> tuple[str, bool]:
    words = text.split()
    if len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: {text.strip()}")
    return _known(kind, words[0]), len(words) == 2 and words[1].lower() == "desc"


def _sortable(value: Any, type_: str) -> tuple[bool, Any]:
    """Nulls come first, as at Salesforce."""
    if value is None:
        return False, 0 if type_ in ("double", "currency", "int", "boolean") else ""
    return True, value
